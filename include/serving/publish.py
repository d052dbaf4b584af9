"""Write, audit, publish: gold in a file of its own name, then one atomic swap of the link that readers resolve."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from include.build import GOOD_STATUSES
from include.disk import require_free
from include.errors import CartonCapsError
from include.serving.forecast_log import keep_forecast
from include.serving.restatements import record_restatements
from include.settings import Paths
from include.warehouse import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SNAPSHOTS_KEPT = 7

#: What the data-health panel and the alert checks read of ops, views among them. Neither raw rows nor quarantined
#: ones: they hold personal data.
PUBLISHED_OPS_TABLES = (
    "landing_days",
    "landing_files",
    "lateness_by_day",
    "schema_drift",
    "beyond_window",
    "alerts_sent",
    "restatements",
    "reward_forecast_total",
)


class PublishRefused(CartonCapsError):  # noqa: N818 - a refusal is what it is
    """Gold is not fit to be shown; the last snapshot keeps serving."""


class Overtaken(PublishRefused):
    """Another run is further: it has loaded what this build does not cover, or has replaced this build and failed.

    That run builds and publishes what both have loaded; nothing is left to do for this one.
    """


def publish(build_id: str, paths: Paths) -> Path:
    """Publish what build ``build_id`` made, or the later build that has replaced it; returns the snapshot's path.

    A reader sees the last snapshot or this one, never half of one. Every snapshot has a file name of its own, because a
    reused one would leave open readers on the old data. What is published already is left as it is.

    A snapshot covers every committed load: dbt refuses to build on loads that the plan does not cover, and this refuses
    a build that a load has followed.

    Raises:
        PublishRefused: dbt never ran for the build, or it did not succeed.
        Overtaken: a load was committed since, or a later build has replaced this one in gold and did not succeed.
        DiskNearlyFullError: there is no room for a new snapshot.
    """
    paths.serving.mkdir(parents=True, exist_ok=True)
    with connect(paths) as con:
        in_gold = _build_in_gold(con, build_id)
        try:
            _audit(con, in_gold)
        except PublishRefused as refusal:
            if in_gold == build_id:
                raise
            raise Overtaken(f"Build {build_id} was overtaken by build {in_gold}. {refusal}") from refusal
        build_id = in_gold
        _refuse_uncovered_load(con, build_id)
        final = paths.serving / f"gold-{build_id}.duckdb"
        published_at = datetime.now(UTC).replace(tzinfo=None)
        if not final.exists():
            require_free(paths.serving, _room_for_snapshot(paths), "the new snapshot", paths)
            staged = paths.serving / f".gold-{build_id}.duckdb.tmp"
            staged.unlink(missing_ok=True)
            record_restatements(con, build_id, paths.current)
            keep_forecast(con)
            _write_snapshot(con, build_id, staged, published_at)
            _make_durable(staged)
            staged.rename(final)
        _swap_link(paths.current, final)
        con.execute(
            "insert into ops.publications (build_id, file_name, published_at, as_of)"
            " select build_id, ?, ?, as_of from ops.builds where build_id = ?"
            " and build_id not in (select build_id from ops.publications)",
            [final.name, published_at, build_id],
        )
        _drop_old_snapshots(paths)  # while no other publisher can have begun one
    return final


def _build_in_gold(con: DuckDBPyConnection, build_id: str) -> str:
    """The build that last worked on gold: ``build_id``, or a later one that has taken its place.

    Raises PublishRefused when dbt has not run for ``build_id``.
    """
    planned = con.execute("select planned_at from ops.builds where build_id = ?", [build_id]).fetchone()
    if planned is None:
        raise PublishRefused(f"There is no build {build_id}. Run python -m include.pipeline run --start D --end D.")
    if not con.execute("select 1 from ops.dbt_runs where build_id = ? limit 1", [build_id]).fetchone():
        raise PublishRefused(f"Build {build_id} was planned, but dbt has not run for it. Run the day again.")
    return con.execute("select build_id from ops.dbt_runs order by started_at desc limit 1").fetchall()[0][0]


def _audit(con: DuckDBPyConnection, build_id: str) -> None:
    """Raise PublishRefused unless every node of the build, tests included, has a good result."""
    unsound = con.execute(
        "select unique_id, status, coalesce(message, '') from ops.build_nodes"
        " where build_id = ? and not list_contains(?, status) order by 1",
        [build_id, list(GOOD_STATUSES)],
    ).fetchall()
    if unsound:
        listed = "\n".join(f"  {node}: {status} {message}".rstrip() for node, status, message in unsound[:10])
        more = f"\n  and {len(unsound) - 10} more" if len(unsound) > 10 else ""
        raise PublishRefused(
            f"Build {build_id} is not sound, so it is not published; the last snapshot keeps serving.\n{listed}{more}\n"
            "Mend the cause, then run the day again."
        )


def _refuse_uncovered_load(con: DuckDBPyConnection, build_id: str) -> None:
    """Raise Overtaken when a load was committed that the build does not cover."""
    newer = con.execute(
        "select load_id, ds from ops.landing_days"
        " where load_id > (select covered_load_id from ops.builds where build_id = ?) order by load_id desc limit 1",
        [build_id],
    ).fetchone()
    if newer:
        raise Overtaken(
            f"Build {build_id} does not cover load {newer[0]} of day {newer[1]}, committed since. The run that loaded "
            "it builds and publishes both; when there is none, run that day again."
        )


def _room_for_snapshot(paths: Paths) -> int:
    """Bytes: the snapshot in use and a quarter more, or, for the first one, no more than the whole warehouse."""
    known = paths.current if paths.current.exists() else paths.warehouse
    return known.stat().st_size * 5 // 4


def _write_snapshot(con: DuckDBPyConnection, build_id: str, staged: Path, published_at: datetime) -> None:
    """Copy the build's gold tables and what the pages need of ops into a new file."""
    tables = [
        name
        for (name,) in con.execute(
            "select table_name from information_schema.tables where table_schema = 'gold'"
            " and table_name in (select split_part(unique_id, '.', 3) from ops.build_nodes"
            " where build_id = ? and resource_type = 'model') order by 1",
            [build_id],
        ).fetchall()
    ]
    if not tables:
        raise PublishRefused(f"Build {build_id} made no table in the schema gold. Look at the dbt log of the run.")
    con.execute(f"attach '{str(staged).replace(chr(39), chr(39) * 2)}' as snapshot")
    try:
        con.execute("create schema snapshot.gold")
        con.execute("create schema snapshot.ops")
        for table in tables:
            con.execute(f"create table snapshot.gold.{table} as select * from gold.{table}")
        for table in PUBLISHED_OPS_TABLES:
            con.execute(f"create table snapshot.ops.{table} as select * from ops.{table}")
        con.execute(
            "create table snapshot.ops.node_results as"
            " select * exclude (build_id) from ops.build_nodes where build_id = ?",
            [build_id],
        )
        con.execute(
            "create table snapshot.ops.column_docs as"
            " select table_name, column_name, comment as description from duckdb_columns()"
            " where database_name = current_database() and schema_name = 'gold' and comment is not null"
            " union all"
            " select table_name, null, comment from duckdb_tables()"
            " where database_name = current_database() and schema_name = 'gold' and comment is not null"
        )
        con.execute(
            "create table snapshot.ops.snapshot as"
            " select build_id, as_of, mode, window_start, window_end, full_refresh,"
            " (select max(finished_at) from ops.build_nodes where build_id = ?) as built_at,"
            " ?::timestamp as published_at from ops.builds where build_id = ?",
            [build_id, published_at, build_id],
        )
        con.execute("checkpoint snapshot")
    finally:
        con.execute("detach snapshot")


def _make_durable(file: Path) -> None:
    """Immutable, and on the disk before its name is."""
    file.chmod(0o444)
    for path in (file, file.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _swap_link(link: Path, target: Path) -> None:
    """Point ``link`` at ``target`` in one step; relative, so that the data root may be moved."""
    staged = link.with_name(f".{link.name}.{os.getpid()}")
    staged.unlink(missing_ok=True)
    staged.symlink_to(target.name)
    staged.replace(link)


def _drop_old_snapshots(paths: Paths) -> None:
    """Keep the newest snapshots and the one in use; drop what killed publishers left behind."""
    in_use = paths.current.resolve()
    snapshots = sorted(paths.serving.glob("gold-*.duckdb"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in [*snapshots[SNAPSHOTS_KEPT:], *paths.serving.glob(".gold-*.tmp*")]:
        if file.resolve() != in_use:
            with suppress(FileNotFoundError):
                file.unlink()
