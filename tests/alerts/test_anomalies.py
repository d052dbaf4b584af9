"""What becomes a mail: once while an anomaly lasts, once when it ends, nothing while it is silenced."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.alerts.finding import Severity
from include.alerts.judge import judge
from include.alerts.silence import SilenceError, add_silence, lift_silence
from include.alerts.snapshot import NothingPublishedError
from include.alerts.store import AlertStoreError, store_file, transaction
from include.settings import Paths
from tests.alerts.made import TUESDAY, after, finding, judged

PREFIX = "[Carton Caps] "


def test_an_anomaly_is_mailed_once_while_it_lasts_and_its_end_once(tmp_path: Path):
    assert judged(tmp_path, TUESDAY, [finding()]) == (f"{PREFIX}volume:purchases on 2026-11-24",)
    assert judged(tmp_path, after(1), [finding(day=after(1))]) == ()
    assert judged(tmp_path, after(2), []) == (f"{PREFIX}Over: volume:purchases on 2026-11-25",)
    assert judged(tmp_path, after(3), []) == ()


def test_what_comes_back_is_a_new_anomaly(tmp_path: Path):
    judged(tmp_path, TUESDAY, [finding()])
    judged(tmp_path, after(1), [])
    assert judged(tmp_path, after(2), [finding(day=after(2))]) == (f"{PREFIX}volume:purchases on 2026-11-26",)


def test_one_mail_tells_everything_of_a_run(tmp_path: Path):
    judged(tmp_path, TUESDAY, [finding("a")])
    found = [finding("b", after(1), Severity.WARNING), finding("c", after(1))]
    assert judged(tmp_path, after(1), found) == (f"{PREFIX}2 things look wrong: c on 2026-11-25",)


def test_judging_the_same_build_again_changes_nothing(tmp_path: Path):
    judged(tmp_path, TUESDAY, [finding()])
    assert judged(tmp_path, TUESDAY, []) == ()
    assert judged(tmp_path, after(1), [finding(day=after(1))]) == ()


def test_a_reprocess_that_mends_the_day_ends_its_anomaly(tmp_path: Path):
    judged(tmp_path, TUESDAY, [finding()])
    assert judged(tmp_path, TUESDAY, [], "mended") == (f"{PREFIX}Over: volume:purchases on 2026-11-24",)


def test_an_older_snapshot_than_the_newest_judged_one_changes_nothing(tmp_path: Path):
    judged(tmp_path, after(1), [])
    assert judged(tmp_path, TUESDAY, [finding()]) == ()
    assert judged(tmp_path, after(2), []) == ()


def test_what_gets_worse_is_mailed_again_and_what_gets_better_is_not(tmp_path: Path):
    assert len(judged(tmp_path, TUESDAY, [finding(severity=Severity.WARNING)])) == 1
    assert len(judged(tmp_path, after(1), [finding(day=after(1))])) == 1
    assert judged(tmp_path, after(2), [finding(day=after(2), severity=Severity.WARNING)]) == ()
    assert judged(tmp_path, after(3), [finding(day=after(3))]) == ()


def test_information_is_for_the_digest_only(tmp_path: Path):
    assert judged(tmp_path, TUESDAY, [finding(severity=Severity.INFO)]) == ()
    assert judged(tmp_path, after(1), []) == ()


def test_a_silence_holds_mail_back_and_ends_by_itself(tmp_path: Path):
    with transaction(Paths(tmp_path)) as con:
        add_silence(con, "volume:*", after(1), "the partner's holiday")
    assert judged(tmp_path, TUESDAY, [finding()]) == ()
    assert judged(tmp_path, after(1), [finding(day=after(1))]) == ()
    assert judged(tmp_path, after(2), [finding(day=after(2))]) == (f"{PREFIX}volume:purchases on 2026-11-26",)


def test_an_anomaly_that_ends_under_a_silence_ends_without_a_mail(tmp_path: Path):
    judged(tmp_path, TUESDAY, [finding()])
    with transaction(Paths(tmp_path)) as con:
        add_silence(con, "volume:purchases", after(2), "known")
    judged(tmp_path, after(1), [finding(day=after(1))])
    assert judged(tmp_path, after(2), []) == ()
    assert judged(tmp_path, after(3), []) == ()


def test_an_anomaly_that_ends_as_soon_as_it_is_silenced_ends_without_a_mail(tmp_path: Path):
    judged(tmp_path, TUESDAY, [finding()])
    with transaction(Paths(tmp_path)) as con:
        add_silence(con, "volume:purchases", after(2), "known")
    assert judged(tmp_path, after(1), []) == ()


def test_an_anomaly_that_outlasts_its_silence_is_mailed_again(tmp_path: Path):
    judged(tmp_path, TUESDAY, [finding()])
    with transaction(Paths(tmp_path)) as con:
        add_silence(con, "volume:purchases", after(1), "known")
    assert judged(tmp_path, after(1), [finding(day=after(1))]) == ()
    assert len(judged(tmp_path, after(2), [finding(day=after(2))])) == 1
    assert judged(tmp_path, after(3), [finding(day=after(3))]) == ()


def test_a_silence_covers_its_own_keys_only_and_can_be_lifted(tmp_path: Path):
    with transaction(Paths(tmp_path)) as con:
        add_silence(con, "volume:events", after(9), "known")
    assert len(judged(tmp_path, TUESDAY, [finding("volume:events"), finding("late:rows")])) == 1
    with transaction(Paths(tmp_path)) as con:
        lift_silence(con, "volume:events")
    found = [finding("volume:events", after(1)), finding("late:rows", after(1))]
    assert judged(tmp_path, after(1), found) == (f"{PREFIX}volume:events on 2026-11-25",)


def test_a_silence_needs_a_reason_and_a_lifted_one_must_exist(tmp_path: Path):
    with transaction(Paths(tmp_path)) as con, pytest.raises(SilenceError, match="a reason"):
        add_silence(con, "volume:events", TUESDAY, " ")
    with transaction(Paths(tmp_path)) as con, pytest.raises(SilenceError, match="no silence for 'volume:events'"):
        lift_silence(con, "volume:events")


def test_somebody_who_asks_gets_a_mail_although_nothing_is_news(tmp_path: Path):
    judged(tmp_path, TUESDAY, [])
    asked = judge(Paths(tmp_path), checks=lambda _: (), mail_anyway=True)
    assert asked == (f"{PREFIX}Nothing new on Tuesday 24 November",)


def test_without_a_snapshot_nothing_is_judged(tmp_path: Path):
    with pytest.raises(NothingPublishedError):
        judge(Paths(tmp_path), checks=lambda _: ())


def test_a_state_that_is_damaged_says_what_to_do(tmp_path: Path):
    file = store_file(Paths(tmp_path))
    file.parent.mkdir()
    file.write_text("no database at all, but long enough to be taken for one" * 20)
    with pytest.raises(AlertStoreError, match="move it away"), transaction(Paths(tmp_path)):
        pass
