"""The checks, on snapshots written by hand: what each of them calls wrong, and what it does not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.alerts.checks import findings
from include.alerts.finding import Finding, Segment, Severity
from include.alerts.snapshot import NothingPublishedError
from include.settings import Paths

DAY = date(2026, 3, 30)
T = datetime.fromisoformat("2026-03-31 00:00")
NOON_AFTER = datetime.fromisoformat("2026-03-31 12:00")
TABLES = """
    create schema gold;
    create schema ops;
    create table ops.snapshot as select timestamp '2026-03-31 00:00:00' as as_of;
    create table ops.landing_days (ds date, load_id bigint, loaded_at timestamp);
    create table ops.landing_files (table_name varchar, ds date, file_name varchar, sha256 varchar, row_count bigint,
        rows_loaded bigint, rows_quarantined bigint, state varchar);
    create table ops.lateness_by_day (table_name varchar, ds date, rows_on_time bigint, rows_late bigint,
        rows_beyond bigint, rows_future bigint);
    create table ops.beyond_window (table_name varchar, ds date, rows_beyond bigint, earliest_beyond_day date,
        is_in_facts boolean);
    create table gold.fct_volume_day (activity_date date, metric varchar, actual bigint, expected double, lower double,
        upper double, is_anomaly boolean, rule varchar);
    create table gold.fct_volume_segment_day (activity_date date, metric varchar, dimension varchar, segment varchar,
        actual bigint, expected double);
    create table gold.dim_school as select 8::bigint as school_id, 'Oak Hill' as name;
    create table gold.fct_reward_pending_day (activity_date date, waiting_on varchar, rewards bigint,
        amount_usd decimal(18, 2));
"""


class Snapshot:
    """A published snapshot whose newest day is DAY, 29 landing days with one good file of events each."""

    def __init__(self, root: Path) -> None:
        self.paths = Paths(root)
        self.paths.serving.mkdir(parents=True)
        self.file = self.paths.serving / "gold-a.duckdb"
        self.paths.current.symlink_to(self.file.name)
        days = [DAY - timedelta(days=back) for back in range(29)]
        with duckdb.connect(str(self.file)) as con:
            con.execute(f"begin; {TABLES}")
            for day in days:
                con.execute("insert into ops.landing_days values (?, 1, ?)", [day, T])
                con.execute(
                    "insert into ops.landing_files"
                    " values ('events', $1, 'part-0', 'events' || $1, 100, 100, 0, 'loaded')",
                    [day],
                )
            con.execute("commit")

    def add(self, table: str, *rows: tuple[Any, ...]) -> None:
        with duckdb.connect(str(self.file)) as con:
            con.execute("begin")
            for row in rows:
                con.execute(f"insert into {table} values ({', '.join('?' * len(row))})", list(row))
            con.execute("commit")

    def land(self, table: str, day: date, name: str = "part-0", sha: str = "", rows: int = 100, bad: int = 0) -> None:
        file = (table, day, name, sha or f"{table}{day}", rows, rows - bad, bad, "loaded")
        self.add("ops.landing_files", file)

    def remove(self, sql: str) -> None:
        with duckdb.connect(str(self.file)) as con:
            con.execute(sql)

    def found(self, now: datetime = NOON_AFTER) -> dict[str, Finding]:
        return {finding.key: finding for finding in findings(self.paths, now)}


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return Snapshot(tmp_path)


def test_a_sound_snapshot_has_no_findings(snapshot: Snapshot):
    snapshot.add("gold.fct_volume_day", (DAY, "events", 100, 101.0, 60.0, 140.0, False, None))
    assert snapshot.found() == {}


def test_without_a_snapshot_the_error_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(NothingPublishedError, match=r"include\.pipeline run"):
        findings(Paths(tmp_path))


class TestVolume:
    def test_an_unusual_metric_is_told_with_its_history_and_the_parts_that_moved(self, snapshot: Snapshot):
        before = DAY - timedelta(days=41)
        snapshot.add(
            "gold.fct_volume_day",
            (before - timedelta(days=1), "purchases", 7, None, None, None, False, None),
            (before, "purchases", 90, None, None, None, False, None),
            (DAY - timedelta(days=1), "purchases", 9, 100.0, 60.0, 140.0, True, "remnant"),  # was told yesterday
            (DAY, "purchases", 1040, 100.0, 60.0, 1400.4, True, "outside_range"),
        )
        snapshot.add(
            "gold.fct_volume_segment_day",
            (DAY, "purchases", "school", "7", 20, 25.0),
            (DAY, "purchases", "school", "8", 940, 15.0),
            (DAY, "events", "platform", "ios", 0, 900.0),
        )
        (finding,) = snapshot.found().values()
        assert finding.key == "volume:purchases"
        assert finding.title == "Purchases: 1,040, usually 60 to 1,400"
        assert finding.severity == Severity.CRITICAL
        assert (finding.day, finding.actual, finding.expected) == (DAY, 1040, 100.0)
        assert finding.history == ((before, 90.0), (DAY - timedelta(days=1), 9.0), (DAY, 1040.0))
        assert finding.segments == (Segment("school", "Oak Hill", 940, 15.0), Segment("school", "7", 20, 25.0))

    def test_a_part_outside_its_range_is_a_warning_and_one_that_is_gone_is_critical(self, snapshot: Snapshot):
        snapshot.add(
            "gold.fct_volume_day",
            (DAY, "events.receipt_scan_failed", 60, 20.0, 8.0, 40.0, True, "outside_range"),
            (DAY, "events.app_open", 0, 20.0, 8.0, 40.0, True, "nothing_arrived"),
            (DAY, "events.install", 40, None, None, None, True, "said_twice"),
        )
        found = snapshot.found()
        assert found["volume:events.receipt_scan_failed"].severity == Severity.WARNING
        assert found["volume:events.app_open"].severity == Severity.CRITICAL
        assert found["volume:events.install"].title == "Install: 40"
        assert list(found)[-1] == "volume:events.receipt_scan_failed", "the most severe first"

    def test_the_same_thing_is_not_told_twice(self, snapshot: Snapshot):
        row = (0, 9.0, 1.0, 20.0, True, "nothing_arrived")
        snapshot.add("gold.fct_volume_day", (DAY, "events.reward_awarded", *row), (DAY, "rewards_awarded", *row))
        assert list(snapshot.found()) == ["volume:rewards_awarded"]
        snapshot.remove("delete from gold.fct_volume_day where metric = 'rewards_awarded'")
        assert list(snapshot.found()) == ["volume:events.reward_awarded"]


class TestFreshness:
    @pytest.mark.parametrize(
        ("hours", "severity"),
        [(36, None), (36.5, Severity.WARNING), (60, Severity.WARNING), (60.5, Severity.CRITICAL)],
    )
    def test_t_grows_old(self, snapshot: Snapshot, hours: float, severity: Severity | None):
        found = snapshot.found(T + timedelta(hours=hours))
        assert (found["freshness"].severity if found else None) == severity

    def test_it_says_which_run_is_next(self, snapshot: Snapshot):
        found = snapshot.found(datetime.fromisoformat("2026-04-03 00:00"))
        assert found["freshness"].title == "The newest numbers are of 2026-03-30, 3.0 days old"
        assert "--start 2026-03-31" in found["freshness"].advice


class TestFiles:
    def test_a_table_that_comes_every_day_is_missed(self, snapshot: Snapshot):
        snapshot.remove(f"delete from ops.landing_files where ds = date '{DAY}'")
        (finding,) = snapshot.found().values()
        assert finding.key == "file_missing:events"
        assert finding.severity == Severity.CRITICAL
        assert f"reprocess --start {DAY} --end {DAY}" in finding.advice
        assert finding.history[-2:] == ((DAY - timedelta(days=1), 100.0), (DAY, 0.0))

    def test_it_may_have_missed_one_day_of_28_and_not_two(self, snapshot: Snapshot):
        snapshot.remove(f"delete from ops.landing_files where ds in (date '{DAY}', date '{DAY - timedelta(days=9)}')")
        assert list(snapshot.found()) == ["file_missing:events"]
        snapshot.remove(f"delete from ops.landing_files where ds = date '{DAY - timedelta(days=10)}'")
        assert snapshot.found() == {}

    def test_a_table_that_comes_now_and_then_is_not(self, snapshot: Snapshot):
        snapshot.land("schools", DAY - timedelta(days=3))
        assert snapshot.found() == {}

    def test_a_refused_file_is_as_good_as_none(self, snapshot: Snapshot):
        snapshot.remove(f"update ops.landing_files set state = 'refused' where ds = date '{DAY}'")
        assert "file_missing:events" in snapshot.found()

    def test_the_same_content_under_another_name_is_told_on_its_day_alone(self, snapshot: Snapshot):
        snapshot.land("events", DAY, "part-0-again", f"events{DAY - timedelta(days=1)}")
        assert list(snapshot.found()) == ["file_twice:events"]
        snapshot.remove("delete from ops.landing_files where file_name = 'part-0-again'")
        snapshot.land("events", DAY - timedelta(days=2), "part-0-again", f"events{DAY - timedelta(days=4)}")
        assert snapshot.found() == {}

    def test_two_empty_files_are_no_repetition(self, snapshot: Snapshot):
        for back in range(2):
            snapshot.land("schools", DAY - timedelta(days=back), sha="header only", rows=0)
        assert snapshot.found() == {}


class TestDeliveries:
    def test_a_hole_between_landing_days_names_the_command(self, snapshot: Snapshot):
        first, last = DAY - timedelta(days=5), DAY - timedelta(days=4)
        snapshot.remove(f"delete from ops.landing_days where ds between date '{first}' and date '{last}'")
        (finding,) = snapshot.found().values()
        assert finding.key == f"landing_day_missing:{first}"
        assert finding.actual == 2
        assert f"reprocess --start {first} --end {DAY}" in finding.advice

    def test_rows_beyond_the_window_come_with_the_command_until_they_are_in_the_facts(self, snapshot: Snapshot):
        snapshot.add(
            "ops.beyond_window",
            ("events", DAY, 30, date(2026, 3, 9), False),
            ("events", DAY - timedelta(days=2), 26, date(2026, 3, 11), False),
            ("events", DAY - timedelta(days=3), 900, date(2026, 1, 1), True),
        )
        (finding,) = snapshot.found().values()
        assert finding.key == "late_beyond_window:events"
        assert finding.severity == Severity.INFO, "56 rows are 2 % of 28 days of 100"
        assert finding.advice == f"python -m include.pipeline reprocess --start 2026-03-09 --end {DAY}"
        snapshot.add("ops.beyond_window", ("events", DAY - timedelta(days=4), 1, date(2026, 3, 12), False))
        assert snapshot.found()["late_beyond_window:events"].severity == Severity.WARNING

    def test_a_fifth_of_a_day_may_be_late(self, snapshot: Snapshot):
        snapshot.add("ops.lateness_by_day", ("events", DAY, 80, 20, 0, 0), ("purchases", DAY, 79, 21, 0, 0))
        assert list(snapshot.found()) == ["late:purchases"]

    def test_a_hundredth_of_a_delivery_may_be_in_quarantine(self, snapshot: Snapshot):
        snapshot.land("purchases", DAY, rows=200, bad=2)
        snapshot.land("referrals", DAY, rows=200, bad=3)
        snapshot.land("users", DAY, rows=19, bad=19)  # too few to say
        (finding,) = snapshot.found().values()
        assert finding.key == "quarantine:referrals"
        assert finding.title.startswith("3 of 200 rows of referrals of 2026-03-30 broke their contract")


class TestRewards:
    def pending(self, snapshot: Snapshot, system: int, held: int = 0, user: int = 0, before: int = 2) -> None:
        usual = [
            (DAY - timedelta(days=back), name, before, before * 5)
            for back in range(1, 30)
            for name in ("system", "held", "user")
        ]
        today = [
            (DAY, name, rewards, rewards * 5)
            for name, rewards in {"system": system, "held": held, "user": user}.items()
        ]
        snapshot.add("gold.fct_reward_pending_day", *usual, *today)

    def test_the_split_is_in_the_title_and_the_segments(self, snapshot: Snapshot):
        self.pending(snapshot, system=3, held=4, user=8)
        finding = snapshot.found()["rewards_pending"]
        assert finding.title == (
            "15 rewards pending for more than 48 hours: 3 late by the system (USD 15.00), 4 held, 8 waiting on the user"
        )
        assert finding.severity == Severity.WARNING
        assert (finding.actual, finding.expected, finding.upper) == (3, 2, 12)
        assert finding.segments[0] == Segment("waiting on", "user", 8, 2.0)
        assert finding.history[-1] == (DAY, 3.0)
        assert len(finding.history) == 30

    def test_ten_more_than_lately_are_usual_and_eleven_mean_that_awarding_stands_still(self, snapshot: Snapshot):
        self.pending(snapshot, system=12)
        assert snapshot.found()["rewards_pending"].severity == Severity.WARNING
        snapshot.remove(f"update gold.fct_reward_pending_day set rewards = 13 where activity_date = date '{DAY}'")
        assert snapshot.found()["rewards_pending"].severity == Severity.CRITICAL

    def test_held_alone_is_for_the_digest_and_waiting_on_users_alone_is_no_finding(self, snapshot: Snapshot):
        self.pending(snapshot, system=0, held=1)
        assert snapshot.found()["rewards_pending"].severity == Severity.INFO
        snapshot.remove("update gold.fct_reward_pending_day set rewards = 0 where waiting_on = 'held'")
        assert snapshot.found() == {}
