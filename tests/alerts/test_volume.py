from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.alerts.volume import MetricVolume, NothingPublishedError, Volume, newest_volume, volume_mail
from include.settings import Paths

MONDAY = date(2026, 3, 30)
HALVED = MetricVolume("events", 40, 100.0, 60.0, 140.0, True)
USUAL = MetricVolume("purchases", 9, 10.0, 2.0, 18.0, False)
CHANCE = MetricVolume("events.install", 9, 2.0, 0.0, 8.0, True)
YOUNG = MetricVolume("referrals_sent", 3, None, None, None, False)


def published(root: Path, rows: list[tuple[Any, ...]]) -> Paths:
    """A snapshot whose newest day is MONDAY, with these rows of fct_volume_day."""
    paths = Paths(root)
    paths.serving.mkdir()
    with duckdb.connect(str(paths.serving / "gold-a.duckdb")) as con:
        con.execute("create schema gold; create schema ops")
        con.execute("create table ops.snapshot as select timestamp '2026-03-31 00:00:00' as as_of")
        con.execute(
            "create table gold.fct_volume_day (activity_date date, metric varchar, actual bigint, expected double,"
            " lower double, upper double, score double, is_anomaly boolean, history_days integer)"
        )
        for row in rows:
            con.execute("insert into gold.fct_volume_day values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    paths.current.symlink_to("gold-a.duckdb")
    return paths


def test_the_newest_day_is_read_with_the_most_unusual_metric_first(tmp_path: Path):
    paths = published(
        tmp_path,
        [
            (MONDAY, "referrals_sent", 3, None, None, None, None, False, 5),
            (MONDAY, "purchases", 9, 10.0, 2.0, 18.0, -0.5, False, 40),
            (MONDAY, "events", 40, 100.0, 60.0, 140.0, -6.0, True, 40),
            (date(2026, 3, 29), "events", 1, 100.0, 60.0, 140.0, -9.0, True, 39),
        ],
    )
    assert newest_volume(paths) == Volume(MONDAY, (HALVED, USUAL, YOUNG))


def test_an_unusual_leading_metric_wants_a_mail():
    volume = Volume(MONDAY, (HALVED, CHANCE, USUAL))
    assert volume.wants_a_mail
    assert volume.sentence == "Monday, 2026-03-30: events 40, usual are 100 (60 to 140)."


def test_a_single_event_type_alone_wants_none():
    assert not Volume(MONDAY, (CHANCE, USUAL)).wants_a_mail


def test_what_is_too_young_to_judge_says_so():
    volume = Volume(MONDAY, (YOUNG,))
    assert not volume.wants_a_mail
    assert "too young" in volume.sentence
    assert "referrals_sent: 3, usual are unknown yet, less than 28 days of history" in volume_mail(volume).text


def test_the_mail_names_the_day_and_what_moved():
    mail = volume_mail(Volume(MONDAY, (HALVED, CHANCE, USUAL)))
    assert mail.subject == "[Carton Caps] Volume of 2026-03-30 looks wrong"
    assert "events: 40, usual are 100 (60 to 140)" in mail.text
    assert "events.install: 9, usual are 2 (0 to 8)" in mail.text
    assert "purchases: 9" in mail.text


def test_without_a_snapshot_the_error_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(NothingPublishedError, match=r"include\.pipeline run"):
        newest_volume(Paths(tmp_path))
