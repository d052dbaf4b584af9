"""What is logged when a publication changes a day that was published before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from include.serving.publish import publish
from include.serving.restatements import record_restatements
from include.settings import Paths
from include.warehouse import connect
from tests.support.builds import pretend_build

DAYS = [date(2026, 3, day) for day in range(1, 5)]


def day_of_gold(paths: Paths, build_id: str, day: date, raised: dict[date, str], mode: str = "run") -> None:
    """A build that covers ``day`` and holds these amounts raised, all by one school."""
    pretend_build(paths, build_id, day, load_id=day.day)
    with connect(paths) as con:
        con.execute("update ops.builds set mode = ? where build_id = ?", [mode, build_id])
        con.execute(
            "insert into ops.build_nodes (build_id, unique_id, resource_type, status)"
            " values (?, 'model.carton_caps.fct_school_day', 'model', 'success')",
            [build_id],
        )
        con.execute(
            "create or replace table gold.fct_school_day"
            " (activity_date date, amount_raised_usd decimal(18, 2), purchases bigint)"
        )
        for activity_date, amount in raised.items():
            con.execute("insert into gold.fct_school_day values (?, ?, 1)", [activity_date, amount])


def late(paths: Paths, day: date, reaching_back_to: date) -> None:
    """The load of ``day`` held a row of an earlier day."""
    with connect(paths) as con:
        con.execute(
            "insert into ops.lateness (table_name, ds, load_id, rows_on_time, rows_late, rows_beyond, rows_future,"
            " earliest_late_day) values ('purchases', ?, ?, 0, 1, 0, 0, ?)",
            [day, day.day, reaching_back_to],
        )


def logged(paths: Paths) -> list[tuple[object, ...]]:
    """Changes in the snapshot that readers see."""
    with duckdb.connect(str(paths.current.resolve()), read_only=True) as con:
        return con.execute(
            "select build_id, activity_date, measure, value_from::varchar, value_to::varchar, why"
            " from ops.restatements order by all"
        ).fetchall()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path)
    day_of_gold(paths, "b1", DAYS[1], {DAYS[0]: "10.00", DAYS[1]: "5.00"})
    publish("b1", paths)
    return paths


def test_the_first_publication_and_a_new_day_change_nothing(paths: Paths):
    day_of_gold(paths, "b2", DAYS[2], {DAYS[0]: "10.00", DAYS[1]: "5.00", DAYS[2]: "7.00"})
    publish("b2", paths)
    assert logged(paths) == []


def test_a_late_row_is_named_as_the_reason_of_the_days_it_can_reach(paths: Paths):
    late(paths, DAYS[2], reaching_back_to=DAYS[1])
    day_of_gold(paths, "b2", DAYS[2], {DAYS[0]: "9.00", DAYS[1]: "6.25", DAYS[2]: "7.00"})
    publish("b2", paths)
    assert logged(paths) == [
        ("b2", DAYS[0], "amount_raised_usd", "10.00", "9.00", "correction"),
        ("b2", DAYS[1], "amount_raised_usd", "5.00", "6.25", "late rows"),
    ]


def test_a_day_that_vanishes_falls_to_zero_and_a_reprocess_says_so(paths: Paths):
    day_of_gold(paths, "b2", DAYS[2], {DAYS[0]: "10.00"}, mode="reprocess")
    publish("b2", paths)
    assert logged(paths) == [
        ("b2", DAYS[1], "amount_raised_usd", "5.00", "0.00", "reprocess"),
        ("b2", DAYS[1], "purchases", "1.00", "0.00", "reprocess"),
    ]


def test_publishing_again_logs_nothing_twice(paths: Paths):
    day_of_gold(paths, "b2", DAYS[2], {DAYS[0]: "11.00", DAYS[1]: "5.00"})
    first = publish("b2", paths)
    assert publish("b2", paths) == first
    assert len(logged(paths)) == 1
    # as after a run that was killed between the log and the snapshot
    first.unlink()
    paths.current.unlink()
    paths.current.symlink_to("gold-b1.duckdb")
    publish("b2", paths)
    assert len(logged(paths)) == 1


def test_a_change_is_logged_once_though_an_earlier_build_that_made_it_was_killed_while_publishing(paths: Paths):
    changed = {DAYS[0]: "11.00", DAYS[1]: "5.00"}
    day_of_gold(paths, "killed", DAYS[2], changed)
    with connect(paths) as con:
        record_restatements(con, "killed", paths.current)
    day_of_gold(paths, "b2", DAYS[2], changed)
    publish("b2", paths)
    assert [(build_id, day) for build_id, day, *_ in logged(paths)] == [("b2", DAYS[0])]
