"""Landing days: what is loaded when, under which load, and what is reported of the days around."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from include.ingest.errors import IngestError
from include.warehouse import connect
from tests.ingest.landed import DAY, EVENT, PURCHASE, USER, Landing

NEXT = DAY + timedelta(days=1)
TABLES = ("schools", "users", "products", "purchases", "referrals", "events", "superseded", "quarantine")


def event(event_id: str, day: str, user_id: int = 1) -> str:
    return f"{event_id},{user_id},install,{day}\n"


def everything(landing: Landing) -> dict[str, list[tuple]]:
    return {table: landing.rows(f"from raw.{table} order by all") for table in TABLES} | {
        table: landing.rows(f"from ops.{table} order by all")
        for table in ("landing_days", "landing_files", "loads", "lateness", "schema_drift")
    }


def test_loading_a_day_again_changes_nothing(landing: Landing):
    landing.put("events", EVENT + "\n" + event("e1", "2026-03-10") + event("e2", "soon"))
    landing.put("users", "gone\n")
    landing.complete()
    landing.load()
    before = everything(landing)
    report = landing.load()
    assert everything(landing) == before
    assert before["events"]
    assert (report.days, report.load_ids, report.files) == ([], [], [])
    assert report.text().startswith("Nothing new to load.")


def test_each_day_with_news_is_one_load_and_other_days_get_none(landing: Landing):
    for ds in (DAY, NEXT):
        landing.put("events", EVENT + "\n" + event(f"e{ds}", str(ds)), ds)
        landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n", ds)
        landing.complete(ds)
    report = landing.load(end=NEXT)
    assert (report.days, report.load_ids) == ([DAY, NEXT], [1, 2])
    assert landing.rows(
        "select distinct _ds, _load_id from raw.events union select distinct _ds, _load_id from raw.users order by 1"
    ) == [
        (DAY, 1),
        (NEXT, 2),
    ]
    landing.put("events", EVENT + "\n" + event("late", str(DAY)), DAY, name="part-1.csv")
    report = landing.load(end=NEXT)
    assert (report.days, report.load_ids) == ([DAY], [3])
    assert landing.rows("select ds, load_id from ops.landing_days order by ds") == [(DAY, 3), (NEXT, 2)]
    assert landing.rows("select event_id, _load_id from raw.events where _ds = '2026-03-10' order by 2") == [
        (f"e{DAY}", 1),
        ("late", 3),
    ]


def test_a_complete_day_without_files_is_recorded_and_moves_the_clock(landing: Landing):
    landing.complete()
    report = landing.load()
    assert report.days == [DAY]
    assert landing.rows("select ds, load_id from ops.landing_days") == [(DAY, 1)]
    assert landing.load().days == []


def test_a_file_with_a_header_alone_loads_no_rows(landing: Landing):
    landing.put("events", EVENT + "\n")
    landing.complete()
    assert landing.load().blocked == []
    assert landing.rows("select row_count, rows_loaded, state from ops.landing_files") == [(0, 0, "loaded")]


def test_only_days_of_the_range_are_loaded(landing: Landing):
    for ds in (DAY, NEXT):
        landing.put("events", EVENT + "\n" + event(f"e{ds}", str(ds)), ds)
        landing.complete(ds)
    assert landing.load(end=DAY).days == [DAY]
    assert landing.rows("select count(*) from raw.events") == [(1,)]


def test_a_day_of_the_range_that_never_came_is_reported_and_days_before_the_first_are_not(landing: Landing):
    landing.complete(DAY - timedelta(days=3))
    landing.complete(DAY)
    assert landing.load().warnings == [
        "Landing days 2026-03-08 .. 2026-03-09: not complete, there is no file landing/_SUCCESS/ds=2026-03-08. "
        "Not loaded."
    ]


def test_a_day_that_was_asked_for_and_never_came_stops_the_load_before_anything_is_loaded(landing: Landing):
    landing.complete(DAY - timedelta(days=4))
    landing.put("events", EVENT + "\n" + event("e1", str(DAY)))
    landing.complete(DAY)
    with pytest.raises(IngestError, match=r"^Landing days 2026-03-08 .. 2026-03-09 are not complete.*ds=2026-03-08"):
        landing.load(wanted_from=DAY - timedelta(days=2))
    assert landing.rows("select count(*) from ops.landing_days") == [(0,)]
    # only the days before that are missing, which is no reason to stop
    assert landing.load(wanted_from=DAY).rows_loaded == 1
    for day in (1, 2, 3):
        landing.complete(DAY - timedelta(days=day))
    # nobody delivered before the first day of all
    assert landing.load(start=DAY - timedelta(days=30), wanted_from=DAY - timedelta(days=30)).warnings == []


def test_a_day_that_was_loaded_stands_though_its_mark_has_gone(landing: Landing):
    landing.put("events", EVENT + "\n" + event("e1", str(DAY)))
    landing.complete()
    landing.load()
    (landing.paths.landing / "_SUCCESS" / f"ds={DAY}").unlink()
    assert landing.load(wanted_from=DAY).warnings == [
        f"Landing day {DAY}: loaded before, but the file landing/_SUCCESS/ds={DAY} has gone since. "
        "What was loaded stays."
    ]


def test_a_day_written_otherwise_than_iso_is_no_day(landing: Landing):
    landing.complete()
    (landing.paths.landing / "_SUCCESS" / "ds=20260309").touch()
    assert landing.load().days == [DAY]


def test_a_change_to_an_older_day_is_reported_with_the_command_that_loads_it(landing: Landing):
    old = DAY - timedelta(days=9)
    landing.put("events", EVENT + "\n" + event("e1", str(old)), old)
    landing.complete(old)
    landing.load(end=old)
    landing.complete(DAY)
    assert landing.load().warnings == [
        "Landing days 2026-03-03 .. 2026-03-09: not complete, there is no file landing/_SUCCESS/ds=2026-03-03. "
        "Not loaded."
    ]
    landing.put("events", EVENT + "\n" + event("e1", str(old), user_id=2), old)
    (warning,) = [warning for warning in landing.load().warnings if "2026-03-01" in warning]
    assert warning == (
        "Landing day 2026-03-01: not as loaded, and older than this load looks (events/part-0.csv has changed). "
        "Load: python -m include.pipeline reprocess --start 2026-03-01 --end 2026-03-01"
    )
    assert landing.rows("select ds, files, command from ops.changed_days") == [
        (
            old,
            "events/part-0.csv has changed",
            "python -m include.pipeline reprocess --start 2026-03-01 --end 2026-03-01",
        )
    ]
    landing.load(old, old)  # what that command loads
    assert landing.rows("select user_id from raw.events") == [(2,)]
    assert not [warning for warning in landing.load().warnings if "2026-03-01" in warning]
    assert landing.rows("select * from ops.changed_days") == []


def test_an_older_day_that_comes_late_or_gains_a_file_is_reported(landing: Landing):
    old = DAY - timedelta(days=20)
    landing.complete(DAY)
    landing.load()
    landing.put("events", EVENT + "\n", old)
    landing.complete(old)
    landing.complete(old + timedelta(days=1))
    (warning,) = [warning for warning in landing.load().warnings if "reprocess" in warning]
    assert "events/part-0.csv is new" in warning
    assert warning.endswith("reprocess --start 2026-02-18 --end 2026-02-19")


def test_an_older_file_that_was_only_touched_is_no_news(landing: Landing):
    old = DAY - timedelta(days=9)
    file = landing.put("events", EVENT + "\n", old)
    landing.complete(old)
    landing.load(end=old)
    file.write_bytes(file.read_bytes())
    landing.complete(DAY)
    assert not [warning for warning in landing.load().warnings if "reprocess" in warning]


def test_lateness_is_counted_in_days_after_the_day_of_the_event(landing: Landing):
    days = {
        0: "2026-03-10 23:59:59",
        1: "2026-03-09 23:59:59",
        7: "2026-03-03",
        8: "2026-03-02 23:59:59",
        30: "2026-02-08",
    }
    landing.put("events", EVENT + "\n" + "".join(event(f"e{late}", day) for late, day in days.items()))
    landing.put("purchases", f"{PURCHASE}\np1,1,1,1,1,1,2026-03-11 10:00:00\np2,1,1,1,1,1,2026-03-09\n")
    landing.complete()
    report = landing.load()
    assert landing.rows(
        "select table_name, rows_on_time, rows_late, rows_beyond, rows_future from ops.lateness order by 1"
    ) == [("events", 1, 2, 2, 0), ("purchases", 1, 1, 0, 1)]
    assert landing.rows("select table_name, ds, rows_late, earliest_late_day from ops.late_rows order by 1") == [
        ("events", DAY, 2, date(2026, 3, 3)),
        ("purchases", DAY, 1, date(2026, 3, 9)),
    ]
    command = "python -m include.pipeline reprocess --start 2026-02-08 --end 2026-03-10"
    assert landing.rows("select * exclude load_id from ops.beyond_window") == [
        ("events", DAY, 2, date(2026, 2, 8), command, False)
    ]
    (warning,) = report.warnings
    assert warning.startswith("2 rows of events landed more than 7 days late")
    assert warning.endswith(command)


@pytest.mark.parametrize("keys_looked_up", [0, 2_000_000])
def test_a_redelivered_row_counts_from_the_earlier_of_its_old_and_new_event_day(
    landing: Landing, keys_looked_up: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("include.ingest.lateness.KEYS_LOOKED_UP", keys_looked_up)
    first = DAY - timedelta(days=9)
    landing.put("events", EVENT + "\n" + event("moved", str(first)) + event("same", str(first)), first)
    landing.complete(first)
    landing.load(end=first)
    landing.put("events", EVENT + "\n" + event("moved", str(DAY)) + event("new", str(DAY)))
    landing.complete(DAY)
    landing.load()
    assert landing.rows(
        "select ds, rows_on_time, rows_beyond, earliest_beyond_day from ops.lateness"
        " where table_name = 'events' order by ds"
    ) == [
        (first, 2, 0, None),
        (DAY, 1, 1, first),
    ]


def test_lateness_of_a_changed_file_is_that_of_its_new_content(landing: Landing):
    landing.put("events", EVENT + "\n" + event("e1", "2026-02-01"))
    landing.complete()
    landing.load()
    landing.put("events", EVENT + "\n" + event("e1", "2026-03-10"))
    landing.load()
    assert landing.rows("select * from ops.beyond_window") == []


def test_rows_beyond_the_window_are_in_the_facts_once_a_good_build_has_covered_their_day(landing: Landing):
    landing.put("events", EVENT + "\n" + event("e1", "2026-02-01"))
    landing.complete()
    landing.load()
    builds = [("too-narrow", "2026-02-02", "pass"), ("failed", "2026-02-01", "error"), ("good", "2026-02-01", "pass")]
    seen = []
    for build_id, window_start, status in builds:
        with connect(landing.paths) as con:
            con.execute(
                "insert into ops.builds values"
                " (?, 'reprocess', ?, '2026-03-10', '2026-03-11', '2026-03-11', 1, 0, false, '2026-03-11')",
                [build_id, window_start],
            )
            con.execute(
                "insert into ops.build_nodes (build_id, unique_id, status) values (?, 'a', ?)", [build_id, status]
            )
        seen += landing.rows("select is_in_facts from ops.beyond_window")
    assert seen == [(False,), (False,), (True,)]
