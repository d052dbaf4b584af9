from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from include.alerts.volume import NothingPublishedError, Volume, volume_mail, yesterdays_volume
from include.settings import Paths

MONDAY = date(2026, 3, 30)


def published(root: Path, actions_by_day: dict[date, int]) -> Paths:
    """A snapshot whose newest day is MONDAY; one user does all of a day's actions, spread over the columns."""
    paths = Paths(root)
    paths.serving.mkdir()
    with duckdb.connect(str(paths.serving / "gold-a.duckdb")) as con:
        con.execute("create schema gold; create schema ops")
        con.execute("create table ops.snapshot as select timestamp '2026-03-31 00:00:00' as as_of")
        con.execute(
            "create table gold.fct_user_day (user_id bigint, activity_date date, app_opens integer,"
            " scans_started integer, scans_completed integer, scans_failed integer, incentives_viewed integer,"
            " invites_sent integer)"
        )
        for day, actions in actions_by_day.items():
            con.execute("insert into gold.fct_user_day values (1, ?, ?, 1, 1, 1, 1, 1)", [day, actions - 5])
    paths.current.symlink_to("gold-a.duckdb")
    return paths


def test_the_newest_day_is_held_against_the_same_weekday_of_the_weeks_before(tmp_path: Path):
    weeks = {MONDAY - timedelta(weeks=week): 100 + week for week in (1, 2, 3)}
    paths = published(tmp_path, {MONDAY: 40, MONDAY - timedelta(days=1): 7} | weeks)
    volume = yesterdays_volume(paths)
    assert volume == Volume(MONDAY, 40, (101, 102, 103))
    assert volume.is_odd
    assert volume.sentence == "40 actions on Monday, 2026-03-30; usual for a Monday are 102."


def test_a_day_without_a_single_action_is_zero_and_odd(tmp_path: Path):
    volume = yesterdays_volume(published(tmp_path, {MONDAY - timedelta(weeks=week): 100 for week in (1, 2, 3)}))
    assert volume.actual == 0
    assert volume.is_odd


@pytest.mark.parametrize(("actual", "odd"), [(49, True), (50, False), (200, False), (201, True)])
def test_half_and_double_are_still_usual(actual: int, odd: bool):
    assert Volume(MONDAY, actual, (100, 100, 100)).is_odd is odd


def test_two_weeks_are_too_few_to_speak():
    volume = Volume(MONDAY, 1, (100, 100))
    assert not volume.is_odd
    assert "too few weeks" in volume.sentence


def test_the_mail_names_the_day_and_the_numbers():
    mail = volume_mail(Volume(MONDAY, 40, (100, 110, 120)))
    assert mail.subject == "[Carton Caps] Volume of 2026-03-30 looks wrong"
    assert "Actions: 40" in mail.text
    assert "Usual: 110" in mail.text


def test_without_a_snapshot_the_error_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(NothingPublishedError, match=r"include\.pipeline run"):
        yesterdays_volume(Paths(tmp_path))
