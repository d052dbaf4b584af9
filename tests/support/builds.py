"""Builds of less than everything: of some models without their data tests, or only what a build leaves behind."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from include.build import REPROCESSING_WINDOW, plan, run_dbt
from include.ingest.load import load_days
from include.settings import Paths
from include.warehouse import connect

#: What a build leaves for the next one to find; all else is made anew every day.
CARRIED_OVER = "config.materialized:incremental"
EVERY_MODEL = "resource_type:model"


def build_models(first: date, last: date, paths: Paths, *models: str) -> None:
    """Load the landing days and build ``models`` (names or dbt's selectors) and what they read; no test, no snapshot.

    For the days on the way to the one that a test is about: a whole build is ten times as many nodes. The build counts
    as a good one, which a build of less than everything never is: after one that is not, the next is a full refresh.
    """
    load_days(first - REPROCESSING_WINDOW, last, paths, accept=["all"])
    variables = plan(first, last, "run", paths)
    run_dbt(variables, paths, [f"+{model}" for model in models])
    with connect(paths) as con:
        con.execute(
            "update ops.build_nodes set status = 'success' where build_id = ? and status = 'pending'",
            [variables["build_id"]],
        )


def assert_built_incrementally(paths: Paths) -> None:
    """No build but the first was a full refresh; otherwise a comparison with one shows nothing."""
    with connect(paths, read_only=True) as con:
        full = [row[0] for row in con.execute("select full_refresh from ops.builds order by planned_at").fetchall()]
    assert len(full) > 1
    assert not any(full[1:]), "a build after the first was a full refresh"


def pretend_build(paths: Paths, build_id: str, day: date, load_id: int, status: str = "success") -> None:
    """Without dbt, record the load of ``day`` and a build that covers it, whose name gold.dim_product then has."""
    as_of = datetime.combine(day + timedelta(days=1), datetime.min.time())
    with connect(paths) as con:
        con.execute("delete from ops.landing_days where ds = ?", [day])
        con.execute("insert into ops.landing_days (ds, load_id, loaded_at) values (?, ?, ?)", [day, load_id, as_of])
        con.execute(
            "insert into ops.builds (build_id, mode, window_start, window_end, as_of, previous_as_of, covered_load_id,"
            " base_load_id, full_refresh, planned_at) values (?, 'run', ?, ?, ?, ?, ?, 0, false, now()::timestamp)",
            [build_id, day, day, as_of, as_of, load_id],
        )
        con.execute(
            "insert into ops.build_nodes (build_id, unique_id, resource_type, status, finished_at)"
            " values (?, 'model.carton_caps.dim_product', 'model', ?, now()::timestamp)",
            [build_id, status],
        )
        con.execute("insert into ops.dbt_runs (build_id, started_at) values (?, now()::timestamp)", [build_id])
        con.execute("create or replace table gold.dim_product as select ? as made_by", [build_id])
        con.execute("comment on column gold.dim_product.made_by is 'The build that made it.'")
        con.execute("create table if not exists gold.audit_rows as select 'tracy@example.org' as failing_row")
