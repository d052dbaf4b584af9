"""What the tables of a database hold, in a form that two databases can be compared by."""

from __future__ import annotations

import duckdb
from duckdb import DuckDBPyConnection

from include.housekeeping.errors import HousekeepingError

#: ``schema.table`` -> number of rows and a hash of all of them, whatever their order.
TableStates = dict[str, tuple[int, str]]


def table_states(con: DuckDBPyConnection) -> TableStates:
    """Rows and hash of every table of the current database. The hash compares within one version of DuckDB."""
    names = con.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = current_database() and not temporary order by all"
    ).fetchall()
    states = {}
    for schema, table in names:
        rows, total = con.execute(
            # a sum, not an exclusive or: two equal rows must not cancel each other out
            f'select count(*), coalesce(sum(hash(whole)::hugeint), 0)::varchar from "{schema}"."{table}" as whole'
        ).fetchall()[0]
        states[f"{schema}.{table}"] = (rows, total)
    return states


def require_same(found: TableStates, expected: TableStates, where: str) -> None:
    """Raise HousekeepingError naming the tables of ``where`` that are not as expected."""
    differing = [
        f"{name}: {_rows(found.get(name))} instead of {_rows(expected.get(name))}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    ]
    if differing:
        shown = "; ".join(differing[:5]) + (f"; and {len(differing) - 5} more" if len(differing) > 5 else "")
        raise HousekeepingError(
            f"{where} does not hold what the warehouse held ({shown}). The disk may be failing: look at its log, then "
            "make a new backup: python -m include.pipeline backup"
        )


def require_views_answer(con: DuckDBPyConnection, where: str) -> None:
    """Raise HousekeepingError when a view of the database names something that is not there."""
    views = con.execute(
        "select schema_name, view_name from duckdb_views() where database_name = current_database() and not internal"
    ).fetchall()
    for schema, view in views:
        try:
            con.execute(f'select * from "{schema}"."{view}" limit 0').fetchall()  # bound, not computed
        except duckdb.Error as error:
            raise HousekeepingError(f"{where}: the view {schema}.{view} cannot be read: {error}") from error


def _rows(state: tuple[int, str] | None) -> str:
    return f"{state[0]:,} rows" if state else "no table"
