"""Opening the one DuckDB file, and the tables that every room finds in it."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from include.contracts import TABLES, contract
from include.errors import CartonCapsError
from include.settings import Paths

#: Seconds to wait for another process to let go of the file.
DEFAULT_WAIT_SECONDS = 30.0

#: What the ingest adds to the contract's columns of every raw table.
LANDING_COLUMNS = {
    "_ds": "DATE",
    "_file": "VARCHAR",
    "_line": "BIGINT",
    "_load_id": "BIGINT",
    "_loaded_at": "TIMESTAMP",
    "_extra": "JSON",
}

#: Ids in landed rows that name a row of another table, and the kind of thing they name.
REFERENCES = (
    ("events", "user_id", "user", "users"),
    ("events", "referral_id", "referral", "referrals"),
    ("purchases", "user_id", "user", "users"),
    ("purchases", "product_id", "product", "products"),
    ("referrals", "referrer_user_id", "user", "users"),
    ("referrals", "referred_user_id", "user", "users"),
)

_DDL = Path(__file__).with_suffix(".sql")
_PAUSE_SECONDS = 0.25


class WarehouseError(CartonCapsError):
    """The warehouse cannot be opened; the message says who holds it, or what is wrong with the file."""


@contextmanager
def connect(
    paths: Paths, read_only: bool = False, wait_seconds: float = DEFAULT_WAIT_SECONDS
) -> Iterator[DuckDBPyConnection]:
    """Open the warehouse, with the time zone UTC and every raw and ops table in place, and close it again.

    Opened for writing, the file and its folder are made when they do not exist. DuckDB takes one writing process or
    several reading ones: ``wait_seconds`` is how long to wait for another process to finish.

    Raises:
        WarehouseError: another process kept the file, the file is no warehouse, or there is none to read.
    """
    if read_only and not paths.warehouse.exists():
        raise WarehouseError(
            f"There is no warehouse at {paths.warehouse} yet. "
            "Make one: python -m include.pipeline run --start YYYY-MM-DD --end YYYY-MM-DD"
        )
    paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
    con = _open(paths.warehouse, read_only, wait_seconds)
    try:
        con.execute("set global TimeZone = 'UTC'")  # of every cursor made from this connection too
        if not read_only:
            _ensure_tables(con)
        yield con
    finally:
        con.close()


def _open(file: Path, read_only: bool, wait_seconds: float) -> DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return duckdb.connect(str(file), read_only=read_only, config=config)
        except duckdb.IOException as error:
            if "Could not set lock" not in str(error):
                raise WarehouseError(
                    f"Cannot open the warehouse {file}: {error}\n"
                    "If the file is damaged, bring back the newest backup: python -m include.pipeline restore newest\n"
                    "Without one, move the file away and run again: it is rebuilt from the landing files."
                ) from error
            if time.monotonic() >= deadline:
                raise WarehouseError(_who_holds(file, str(error), wait_seconds)) from error
            time.sleep(_PAUSE_SECONDS)


def _who_holds(file: Path, message: str, waited: float) -> str:
    found = re.search(r"\(PID (\d+)\)", message)
    pid = found.group(1) if found else "unknown"
    try:
        command = shlex.join(
            Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
        )
    except OSError:
        command = "its command line cannot be read here"
    return (
        f"The warehouse {file} is held by process {pid} ({command}); waited {waited:g} s.\n"
        "DuckDB takes one writing process at a time. Let that process finish, or stop it if it is a forgotten "
        f"notebook or shell (kill {pid}), then run again. Nothing was changed."
    )


def _ensure_tables(con: DuckDBPyConnection) -> None:
    """Make what is missing; a contract that gained a column gets it in raw, empty for the rows already there."""
    con.execute("create schema if not exists raw")
    existing: dict[str, set[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns()"
        " where database_name = current_database() and schema_name = 'raw'"
    ).fetchall():
        existing.setdefault(table, set()).add(column)
    for table in TABLES:
        types = {column.name: column.type for column in contract(table).columns} | LANDING_COLUMNS
        if table not in existing:
            con.execute(f"create table raw.{table} ({', '.join(f'{name} {type_}' for name, type_ in types.items())})")
            continue
        for name in types.keys() - existing[table]:
            con.execute(f"alter table raw.{table} add column {name} {types[name]}")
    con.execute(_DDL.read_text(encoding="utf-8"))
    con.execute(_orphans_view())


def _orphans_view() -> str:
    """The view ``ops.orphans``: how many keys name an id that has never landed, as of the newest load.

    Grain: one row per table and column with orphans. ``orphan_rows`` counts keys by the version that counts (newest
    ``_ds``, file, line), ``unknown_ids`` the different ids that they name.
    """
    counts = []
    for table, column, kind, target in REFERENCES:
        (key,), (target_key,) = contract(table).key, contract(target).key
        # null is "not in" an empty table
        is_unknown = f"is not null and {{}} not in (select {target_key} from raw.{target})"
        suspects = f"select {key} from raw.{table} where {column} {is_unknown.format(column)}"
        newest = (
            f"select arg_max_null({column}, struct_pack(_ds, _file, _line)) as id from raw.{table}"
            f" where {key} in ({suspects}) group by {key}"
        )
        counts.append(
            f"select '{table}' as table_name, '{column}' as column_name, '{kind}' as kind,"
            f" count(*) as orphan_rows, count(distinct id) as unknown_ids"
            f" from ({newest}) where id {is_unknown.format('id')} having count(*) > 0"
        )
    return f"create or replace view ops.orphans as {' union all '.join(counts)}"
