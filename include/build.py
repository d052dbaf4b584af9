"""What a build covers, and the one place that says how dbt is run."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from include.build_failures import explain
from include.errors import CartonCapsError
from include.settings import PROJECT_ROOT, Paths
from include.settings_list import value

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from duckdb import DuckDBPyConnection

REPROCESSING_WINDOW = timedelta(days=7)

DBT_PROJECT = PROJECT_ROOT / "include" / "dbt"

#: Flags of every production build. Unit tests judge the SQL, not the day's data: they run in CI. Of the log file, lines
#: for debugging were a fifth of a small build's time; the SQL of what failed is kept by ``include.build_failures``.
DBT_BUILD_FLAGS = ["--exclude-resource-type", "unit_test", "--log-level-file", "info"]

#: Results after which a build may be published.
GOOD_STATUSES = ("success", "pass", "warn")

Mode = Literal["run", "reprocess"]

#: What can build the core of the project: staging, dimensions, the facts of purchases, days, referrals and rewards.
ENGINES = ("duckdb", "spark")


class BuildError(CartonCapsError):
    """The build cannot be planned, or dbt did not finish it."""


def engine() -> str:
    """What builds the core, one of ``ENGINES``: the environment variable ``CARTON_ENGINE``, by default ``duckdb``.

    Raises:
        BuildError: the variable names something else.
    """
    named = value("CARTON_ENGINE")
    if named not in ENGINES:
        raise BuildError(
            f"CARTON_ENGINE is '{named}', which is no engine. Set it to {' or '.join(ENGINES)}, or leave it empty."
        )
    return named


def plan(start: date, end: date, mode: Mode, paths: Paths, full_refresh: bool = False) -> dict[str, str]:
    """Record a build of days ``start`` .. ``end`` and return its variables, the ``--vars`` of dbt.

    The window is widened, never narrowed: to days of loads that are in no successful build yet, to the days that were
    still in the future at the last build, and on to the newest loaded day, because a late school link moves every later
    purchase. Without an earlier successful build everything is built (``full_refresh`` is then ``"true"``), as it is
    after a full refresh that did not end well: it left some tables new and some old. So it is after a change of the
    engine: each has tables of its own, and those of the other know nothing of what was built since. And so it is when
    Spark's tables are of another warehouse, as after a restore.

    A plan holds only for what is loaded now: dbt refuses it when a load or another build came in between. So plan right
    before the build, in the same task.

    Raises:
        BuildError: nothing has been loaded, ``end`` is later than the newest loaded day, a delivery is blocked, or
            ``CARTON_ENGINE`` names no engine.
    """
    from include.ingest.gate import blocked
    from include.warehouse import connect

    builder = engine()
    with connect(paths) as con:
        newest_day, newest_load = con.execute("select max(ds), max(load_id) from ops.landing_days").fetchall()[0]
        if newest_day is None:
            raise BuildError(
                "Nothing to build: no landing day has been loaded. "
                "Load one first: python -m include.pipeline run --start D --end D."
            )
        if end > newest_day:
            raise BuildError(
                f"Cannot build {end}: the newest loaded landing day is {newest_day}. Load {end} first, or end there."
            )
        if too_broken := blocked(con):
            raise BuildError(
                "A delivery is too broken to build on:\n"
                + "\n".join(f"  {block.text()}" for block in too_broken)
                + "\nLet the source deliver again and run again, or build all the same with "
                + " ".join(f"--accept-quarantine {block.table}:{block.ds}" for block in too_broken)
            )
        previous = _last_successful_build(con)
        as_of = datetime.combine(newest_day + timedelta(days=1), time.min)
        base_load_id, previous_as_of = previous or (0, as_of)
        window_start = start - REPROCESSING_WINDOW if mode == "run" else start
        oldest_unbuilt = con.execute(
            "select min(ds) from ops.landing_days where load_id > ?", [base_load_id]
        ).fetchall()[0][0]
        if oldest_unbuilt is not None:
            window_start = min(window_start, oldest_unbuilt - REPROCESSING_WINDOW)
        window_start = min(window_start, previous_as_of.date())
        variables = {
            "build_id": f"{newest_day}-{uuid.uuid4().hex[:8]}",
            "window_start": str(window_start),
            "window_end": str(newest_day),
            "as_of": str(as_of),
            "previous_as_of": str(previous_as_of),
            "base_load_id": str(base_load_id),
            "full_refresh": str(
                full_refresh
                or previous is None
                or (builder == "spark" and not _spark_knows_this_warehouse(con, paths))
                or _full_refresh_is_unfinished(con)
                or _last_engine(con) != builder
            ).lower(),
        }
        con.execute(
            "insert into ops.builds (build_id, mode, window_start, window_end, as_of, previous_as_of, covered_load_id,"
            " base_load_id, full_refresh, planned_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                variables["build_id"],
                mode,
                window_start,
                newest_day,
                as_of,
                previous_as_of,
                newest_load,
                base_load_id,
                variables["full_refresh"] == "true",
                datetime.now(UTC).replace(tzinfo=None),
            ],
        )
        con.execute("insert into ops.build_engines (build_id, engine) values (?, ?)", [variables["build_id"], builder])
    return variables


def _last_successful_build(con: DuckDBPyConnection) -> tuple[int, datetime] | None:
    """Covered load id and T of the newest build whose every node has a good result."""
    row = con.execute(
        "select covered_load_id, as_of from ops.good_builds order by covered_load_id desc, as_of desc limit 1"
    ).fetchone()
    return (row[0], row[1]) if row else None


def _last_engine(con: DuckDBPyConnection) -> str:
    """The engine of the newest build whose every node has a good result."""
    row = con.execute(
        "select coalesce(engine, 'duckdb') from ops.good_builds left join ops.build_engines using (build_id)"
        " order by covered_load_id desc, as_of desc, planned_at desc limit 1"
    ).fetchone()
    return row[0] if row else engine()


def _spark_knows_this_warehouse(con: DuckDBPyConnection, paths: Paths) -> bool:
    """Whether Spark last worked on its tables for a build of this warehouse, not for one that a restore took back."""
    from include.spark.core import last_build_id

    known = con.execute("select 1 from ops.builds where build_id = ? limit 1", [last_build_id(paths)]).fetchone()
    return known is not None


def _full_refresh_is_unfinished(con: DuckDBPyConnection) -> bool:
    """Whether a full refresh has begun since the last successful build."""
    begun = con.execute(
        """
        select 1
        from ops.builds as builds
        inner join ops.dbt_runs as runs using (build_id)
        where
            builds.full_refresh
            and builds.planned_at > (select max(planned_at) from ops.good_builds)
        limit 1
        """
    ).fetchone()
    return begun is not None


def dbt_arguments(variables: dict[str, str], paths: Paths) -> list[str]:
    """The arguments of ``dbt build`` for these variables, the same for the scheduler and without one."""
    arguments = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--vars", json.dumps(variables)]
    # each data root keeps its own parse results and logs: two runs on two roots do not meet
    arguments += ["--target-path", str(paths.root / "dbt" / "target"), "--log-path", str(paths.root / "dbt" / "logs")]
    if variables.get("full_refresh") == "true":
        arguments.append("--full-refresh")
    return [*arguments, *DBT_BUILD_FLAGS]


def manifest_file(paths: Paths) -> Path:
    """What ``parsed_project`` found, as dbt writes it."""
    return paths.root / "dbt" / "target" / "manifest.json"


_PARSED: list[Manifest] = []


def parsed_project(paths: Paths) -> Manifest | None:
    """The parsed dbt project, once per process: parsing everything takes as long as building a small day.

    Parsing depends neither on the variables, which are read when a model is compiled, nor on the data root; below
    ``paths`` dbt keeps the results, and reads them again where no file has changed. None lets dbt parse by itself, and
    report what is wrong.
    """
    from dbt.cli.main import dbtRunner

    if not _PARSED:
        arguments = dbt_arguments({}, paths)
        parsed = dbtRunner().invoke(["--quiet", "parse", *arguments[: -len(DBT_BUILD_FLAGS)]]).result
        if parsed:
            _PARSED.append(cast("Manifest", parsed))
    return _PARSED[0] if _PARSED else None


def build(variables: dict[str, str], paths: Paths) -> None:
    """Build and test everything that a plan covers, its core with the engine of the setting.

    Raises:
        BuildError: a model or an error-level test failed; names each one and its message.
        SparkError: the engine is ``spark``, and Spark cannot run here or did not build the core.
    """
    if engine() == "spark":
        from include.spark.whole import build_on_spark

        build_on_spark(variables, paths)
    else:
        run_dbt(variables, paths)


def run_dbt(variables: dict[str, str], paths: Paths, select: Sequence[str] = ()) -> None:
    """Run ``dbt build`` in this process and let go of the warehouse afterwards; of the nodes ``select`` alone, if any.

    Raises:
        BuildError: a model or an error-level test failed; names each one and its message.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ["CARTON_DATA_DIR"] = str(paths.root)
    os.environ.setdefault("DO_NOT_TRACK", "1")
    try:
        # without the tests of what is selected: they may read what is not
        chosen = ["--select", *select, "--indirect-selection", "empty"] if select else []
        result = dbtRunner(manifest=parsed_project(paths)).invoke(
            ["--quiet", "build", *dbt_arguments(variables, paths), *chosen]
        )
    finally:
        # dbt-duckdb keeps the file open, and locked, for the life of the process
        DuckDBConnectionManager.close_all_connections()
    logs = paths.root / "dbt" / "logs" / "dbt.log"
    if result.exception is not None:
        raise BuildError(f"dbt could not run: {result.exception}\nThe whole log: {logs}")
    failed = explain(paths.root / "dbt" / "target" / "run_results.json", paths)
    if not result.success:
        raise BuildError(f"{failed or 'dbt failed without a failed node.'}\nThe whole log: {logs}")
