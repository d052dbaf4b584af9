"""The core on Spark against the core on DuckDB: the same rows, built incrementally from the same landing days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from include.build import plan, run_dbt
from include.ingest.load import load_days
from include.settings import Paths
from include.spark.core import CoreTable, build_core, core_tables, what_spark_lacks
from include.warehouse import connect
from tests.spark.hard_rows import LONELY_DAY, hard_tables
from tests.support.landing import Row, land
from tests.support.worlds import World

LACKING = what_spark_lacks()

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.extended,
    pytest.mark.timeout(3600),  # a day takes a minute on a free machine
    pytest.mark.skipif(LACKING is not None, reason=f"Spark cannot run here: {LACKING}"),
]

#: The first eight days land at once: the seven-day window of the others then leaves out more and more of the history.
DAYS, FIRST_PASS = 12, 8
#: The tables of the specification that stand on Spark; those below them are compared as well.
CORE = {
    "dim_user", "dim_school", "dim_product", "fct_purchase", "fct_user_day", "fct_school_day", "fct_referral",
    "fct_rewards",
}  # fmt: skip


@pytest.fixture(scope="module")
def both_built(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A data root in whose days both engines built the core one after the other, each on what it had built before."""
    paths, world = Paths(tmp_path_factory.mktemp("engines")), World(seed=4, days=DAYS)
    for number, day in enumerate(world.days):
        world.land(paths, day)
        for table, rows in hard_tables(day, number).items():
            land(paths, day, table, rows, "part-1.csv")
        if number == DAYS - 2:
            take_rows_back(paths, world.days[1])
        if number >= FIRST_PASS - 1:
            load_days(world.days[0], day, paths, accept=["all"])
            build_with_both(day, paths, full_refresh=number == FIRST_PASS - 1)
    build_with_both(day, paths, full_refresh=False)  # again: it changes nothing
    return paths


def take_rows_back(paths: Paths, day: date) -> None:
    """The source delivers files of an earlier day again, without half of their rows."""
    tables = hard_tables(day, 1)
    for table in ("events", "purchases", "users"):
        rows: list[Row] = tables[table]
        land(paths, day, table, rows[::2], "part-1.csv")


def build_with_both(day: date, paths: Paths, full_refresh: bool) -> None:
    variables = plan(day, day, "run", paths)
    assert variables["full_refresh"] == str(full_refresh).lower()
    build_core(variables, paths)
    run_dbt(variables, paths, [table.name for table in core_tables(paths)])
    with connect(paths) as con:  # what lies above the core is no part of this test: count it as built
        con.execute("update ops.build_nodes set status = 'success' where status = 'pending'")


@pytest.fixture(scope="module")
def warehouse(both_built: Paths) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(both_built, read_only=True) as con:
        yield con


def differences(con: duckdb.DuckDBPyConnection, table: CoreTable) -> list[str]:
    """What one table has that the other has not; the first rows of each side."""
    ours = f"{table.schema}.{table.name}"
    columns = dict(
        con.execute(
            "select column_name, lower(data_type) from duckdb_columns() where schema_name = ? and table_name = ?",
            [table.schema, table.name],
        ).fetchall()
    )
    if columns != {name: duckdb_name(type_) for name, type_ in table.columns.items()}:
        return [f"{ours}: DuckDB has {columns}, Spark {dict(table.columns)}"]
    names = ", ".join(sorted(columns))
    found = []
    for side, minuend, subtrahend in (
        ("DuckDB", f"from {ours}", f"from ({table.query})"),
        ("Spark", f"from ({table.query})", f"from {ours}"),
    ):
        rows = con.execute(
            f"select {names} {minuend} except all select {names} {subtrahend} order by all limit 3"
        ).fetchall()
        found += [f"{ours}, only {side}: {dict(zip(sorted(columns), row, strict=True))}" for row in rows]
    return found


def duckdb_name(spark_type: str) -> str:
    return {"int": "integer"}.get(spark_type, spark_type)


def test_every_table_of_the_core_holds_the_same_rows(both_built: Paths, warehouse: duckdb.DuckDBPyConnection):
    tables = core_tables(both_built)
    assert {table.name for table in tables} > CORE
    found = [line for table in tables for line in differences(warehouse, table)]
    assert not found, "\n".join(found)


def test_the_days_held_what_engines_disagree_on(warehouse: duckdb.DuckDBPyConnection):
    def count(sql: str) -> int:
        return warehouse.execute(f"select count(*) {sql}").fetchall()[0][0]

    for name in CORE:
        assert count(f"from gold.{name}") >= 3, name
    assert count("from raw.superseded") > 10
    assert count("from ops.lateness where rows_beyond > 0") > 0
    assert count("from gold.fct_purchase where amount_raised_usd <> round(amount_raised_usd, 4)") > 0
    assert count("from silver.int_user_emails where regexp_matches(email_key, '[^ -~]')") > 0
    assert count("from silver.stg_events where school_id = 10000000") > 0
    assert count(f"from raw.events where event_at::date = date '{LONELY_DAY}'") == 1
    for table, day in (("silver.stg_events", "event_date"), ("gold.fct_user_day", "activity_date")):
        assert count(f"from {table} where {day} = date '{LONELY_DAY}'") == 0, "it lost all its rows"
    outcomes = {row[0] for row in warehouse.execute("select distinct rule_outcome from gold.fct_referral").fetchall()}
    assert len(outcomes) >= 4, outcomes


def test_an_engine_without_the_other_finds_the_files(both_built: Paths):
    days = {Path(file).parent.name for file in both_built.spark.glob("raw/events/*/rows.parquet")}
    assert days == {f"ds={day}" for day in World(seed=4, days=DAYS).days}
