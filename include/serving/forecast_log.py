"""Forecasts of the past: gold holds the newest one, ops one per T, so that anyone can look up what was said when."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LOGGED = ("fct_reward_forecast_day", "fct_reward_forecast_total")


def keep_forecast(con: DuckDBPyConnection) -> None:
    """Copy gold's forecast to ops, in the place of an earlier one of the same T; nothing where gold has none."""
    for table in LOGGED:
        exists = con.execute(
            "select 1 from duckdb_tables()"
            " where database_name = current_database() and schema_name = 'gold' and table_name = ?",
            [table],
        ).fetchone()
        if exists:
            log = table.removeprefix("fct_")
            con.execute(f"delete from ops.{log} where as_of_date in (select as_of_date from gold.{table})")
            con.execute(f"insert into ops.{log} by name select * from gold.{table}")
