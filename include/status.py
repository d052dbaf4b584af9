"""The health of the pipeline for a person: what wants attention with the command that mends it, then what is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from include.build import GOOD_STATUSES
from include.errors import CartonCapsError
from include.housekeeping.backups import backups
from include.housekeeping.limits import load_limits
from include.ingest.days import days_between, stretches
from include.ingest.gate import blocked
from include.settings import Paths
from include.warehouse import connect

_SHOWN = 5
_WIDTH = 150
_PIPELINE = "python -m include.pipeline"
_REPLAY = f"{_PIPELINE} quarantine replay"


def status(paths: Paths) -> str:
    """Lines to print, the most urgent first; each one that starts with ``!`` wants attention and names its command.

    Raises:
        CartonCapsError: the warehouse is of an older version of the project.
        WarehouseError: another process writes to the warehouse.
    """
    if not paths.warehouse.exists():
        lines = [
            f"No warehouse yet below {paths.root}.",
            f"Make one: {_PIPELINE} run --start YYYY-MM-DD --end YYYY-MM-DD",
        ]
        return "\n".join(
            [*lines, *(f"Or bring back {backup.name}: {_PIPELINE} restore newest" for backup in backups(paths)[:1])]
        )
    with connect(paths, read_only=True) as con:
        try:
            newest = _rows(con, "select max(ds) from ops.landing_days")[0][0]
            if newest is None:
                return f"Data root   {paths.root}\nLoaded      nothing yet"
            attention = [line for section in _ATTENTION for line in section(con, newest)]
            there = [f"Data root   {paths.root}", *_what_is_there(con), *_last_backup(paths)]
            return "\n".join([*attention, *_old_backup(paths), *there])
        except duckdb.CatalogException as error:
            raise CartonCapsError(
                f"The warehouse {paths.warehouse} was made by another version of the project ({error}). "
                f"The next load brings it up to date: {_daily_run('D')}"
            ) from error


def _blocked(con: DuckDBPyConnection, newest: date) -> list[str]:
    lines = [
        f"! Blocked    {_short(block.text())}\n"
        f"             publish all the same: {_daily_run(newest)} --accept-quarantine {block.table}:{block.ds}"
        for block in blocked(con)
    ]
    return _few(lines, "blocked deliveries; see ops.gate")


def _unbuilt(con: DuckDBPyConnection, newest: date) -> list[str]:
    build = _newest_build(con)
    newest_load = _rows(con, "select max(load_id) from ops.landing_days")[0][0]
    if build and not build["bad"] and build["covered_load_id"] >= newest_load:
        return []
    if not build:
        what = "nothing has been built yet"
    elif build["bad"]:
        what = f"build {build['build_id']} is not good: {build['bad']} nodes failed or did not run"
    else:
        what = "loads are in no build yet"
    return [f"! Build      {what}: {_daily_run(newest)}"]


def _refused(con: DuckDBPyConnection, _: date) -> list[str]:
    files = _rows(
        con,
        "select table_name, ds, file_name, reason from ops.landing_files"
        " where state = 'refused' and missing_since is null order by ds, table_name, file_name",
    )
    lines = [f"! Refused    {_short(f'{table}/ds={ds}/{name}: {reason}')}" for table, ds, name, reason in files]
    return [*_few(lines, "refused files; see ops.landing_files"), *_advice(lines, f"once mended: {_REPLAY}")]


def _missing_days(con: DuckDBPyConnection, newest: date) -> list[str]:
    loaded = {ds for (ds,) in _rows(con, "select ds from ops.landing_days")}
    missing = [ds for ds in days_between(min(loaded), newest) if ds not in loaded]
    lines = [
        f"! Missing    {first} .. {last} ({(last - first).days + 1} days) have not landed; once they have: "
        f"{_reprocess(first, newest)}"
        for first, last in stretches(missing)
    ]
    return _few(lines, "gaps between landing days")


def _beyond_window(con: DuckDBPyConnection, newest: date) -> list[str]:
    rows, earliest = _rows(
        con, "select sum(rows_beyond), min(earliest_beyond_day) from ops.beyond_window where not is_in_facts"
    )[0]
    if not rows:
        return []
    return [
        f"! Late       {rows:,.0f} rows landed more than 7 days late and are not in the facts: "
        f"{_reprocess(earliest, newest)}"
    ]


def _changed_days(con: DuckDBPyConnection, _: date) -> list[str]:
    days = [ds for (ds,) in _rows(con, "select ds from ops.changed_days order by ds")]
    lines = [
        f"! Changed    {first} .. {last}: older landing days, not as loaded: {_reprocess(first, last)}"
        for first, last in stretches(days)
    ]
    return _few(lines, "runs of changed days; see ops.changed_days")


def _quarantine(con: DuckDBPyConnection, _: date) -> list[str]:
    groups = _rows(
        con,
        "select table_name, ds, reasons, count(*) from raw.quarantine where line is not null"
        " group by all order by count(*) desc, ds desc, table_name, reasons",
    )
    lines = [f"! Quarantine {_short(f'{table}:{ds}: {rows:,} x {why}')}" for table, ds, why, rows in groups]
    return [
        *_few(lines, "tables, days and reasons; see raw.quarantine"),
        *_advice(lines, f"after mending the files or the contract: {_REPLAY}"),
    ]


def _orphans(con: DuckDBPyConnection, newest: date) -> list[str]:
    groups = _rows(
        con,
        "select table_name, column_name, kind, orphan_rows, unknown_ids from ops.orphans"
        " order by orphan_rows desc, table_name, column_name",
    )
    lines = [
        f"! Orphans    {rows:,} {table} name {ids:,} {kind}s ({column}) that have never landed"
        for table, column, kind, rows, ids in groups
    ]
    return [*lines, *_advice(lines, f"let the source deliver them, then: {_daily_run(newest)}")]


def _drift(con: DuckDBPyConnection, _: date) -> list[str]:
    groups = _rows(
        con,
        "select table_name, string_agg(column_name, ', ' order by column_name), min(ds) from ops.schema_drift"
        " group by table_name order by table_name",
    )
    lines = [f"! Drift      {_short(f'{table} carries {columns} since {since}')}" for table, columns, since in groups]
    return [
        *lines,
        *_advice(lines, f"to take one in, name it in include/contracts/<table>.yaml; try: {_PIPELINE} check DIR"),
    ]


def _old_backup(paths: Paths) -> list[str]:
    newest, allowed = next(iter(backups(paths)), None), load_limits().backup_age_hours
    if newest and newest.hours_old <= allowed:
        return []
    age = f"the newest backup is {newest.hours_old:.0f} hours old, {allowed} are allowed" if newest else "there is none"
    return [f"! Backup     {age}: {_PIPELINE} backup"]


def _last_backup(paths: Paths) -> list[str]:
    return [f"Backup      {backup.hours_old:.0f} hours old: {backup.text()}" for backup in backups(paths)[:1]]


_ATTENTION: tuple[Callable[[DuckDBPyConnection, date], list[str]], ...] = (
    _blocked,
    _unbuilt,
    _refused,
    _missing_days,
    _beyond_window,
    _changed_days,
    _quarantine,
    _orphans,
    _drift,
)


def _events_without_referral(con: DuckDBPyConnection) -> list[str]:
    """Events of the programme that count for no referral; none before the first build."""
    table = "schema_name = 'silver' and table_name = 'int_referral_events'"
    if not _rows(con, f"select 1 from duckdb_tables() where {table}"):
        return []
    events, without = _rows(
        con,
        "select count(*), count(*) filter (referral_id is null or referral_id not in"
        " (select referral_id from silver.stg_referrals)) from silver.int_referral_events",
    )[0]
    return [f"Referrals   {without:,} of {events:,} events of the programme belong to no referral"] if without else []


def _what_is_there(con: DuckDBPyConnection) -> list[str]:
    first, newest, days = _rows(con, "select min(ds), max(ds), count(*) from ops.landing_days")[0]
    files, rows = _rows(con, "select count(*), coalesce(sum(rows_loaded), 0) from ops.landing_files")[0]
    lines = [f"Loaded      {days} landing days, {first} .. {newest}: {files:,} files, {rows:,.0f} rows"]
    for load_id, ds, loaded_at, loaded, quarantined in _rows(
        con,
        "select load_id, ds, loaded_at, rows_loaded, rows_quarantined from ops.loads order by load_id desc limit 1",
    ):
        lines.append(
            f"Last load   {load_id}: day {ds} at {loaded_at:%Y-%m-%d %H:%M} UTC, {loaded:,} rows, "
            f"{quarantined:,} in quarantine"
        )
    if build := _newest_build(con):
        lines.append(f"Last build  {build['build_id']}, as of {build['as_of']}; {build['warned']} warnings")
    lines += _events_without_referral(con)
    published = _rows(con, "select file_name, published_at from ops.publications order by published_at desc limit 1")
    lines += [f"Published   {name} at {at:%Y-%m-%d %H:%M} UTC" for name, at in published] or ["Published   nothing yet"]
    return [*lines, *_unsaid_verification(con)]


def _unsaid_verification(con: DuckDBPyConnection) -> list[str]:
    """Rule R1 takes an account that does not say for a verified one: how many that is must be seen somewhere."""
    users, unsaid = _rows(
        con,
        "select count(*), count(*) filter (where is_verified is null) from"
        " (select is_verified from raw.users"
        " qualify row_number() over (partition by user_id order by _ds desc, _file desc, _line desc) = 1)",
    )[0]
    return [f"Verified    {unsaid:,} of {users:,} users do not say: they count as verified"] if unsaid else []


def _newest_build(con: DuckDBPyConnection) -> dict[str, Any] | None:
    found = con.execute(
        "select builds.build_id, builds.as_of, builds.covered_load_id,"
        " count(*) filter (where not list_contains(?, nodes.status)) as bad,"
        " count(*) filter (where nodes.status = 'warn') as warned"
        " from ops.builds as builds inner join ops.build_nodes as nodes using (build_id)"
        " group by all order by any_value(builds.planned_at) desc limit 1",
        [list(GOOD_STATUSES)],
    ).fetchone()
    return dict(zip(("build_id", "as_of", "covered_load_id", "bad", "warned"), found, strict=True)) if found else None


def _rows(con: DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def _daily_run(newest: date | str) -> str:
    return f"{_PIPELINE} run --source landing --start {newest} --end {newest}"


def _reprocess(start: date, end: date) -> str:
    return f"{_PIPELINE} reprocess --start {start} --end {end}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 2] + " …"


def _few(lines: list[str], what: str) -> list[str]:
    more = len(lines) - _SHOWN
    return lines if more <= 0 else [*lines[:_SHOWN], f"             and {more:,} more {what}"]


def _advice(lines: list[str], text: str) -> list[str]:
    return [f"             {text}"] if lines else []
