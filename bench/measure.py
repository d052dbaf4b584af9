"""One measured step in a process of its own: ``python -m bench.measure STEP DATA_ROOT ...`` prints one line of JSON.

A process of its own gives each step its own peak memory; wall and CPU seconds begin after the imports.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb

from bench.row_by_row import write_events_row_by_row
from include.build import plan, run_dbt
from include.generator import SimulationConfig
from include.generator.simulate import write_days
from include.ingest.load import load_days
from include.pipeline import build_and_publish
from include.serving.publish import publish
from include.settings import Paths
from include.warehouse import connect

EPOCH = date(2026, 1, 1)


def landed_rows(paths: Paths) -> int:
    """Rows of all landing files, by their manifests."""
    with duckdb.connect() as con:
        return con.execute(
            "select coalesce(sum(file.rows), 0)::bigint from (select unnest(files) as file from read_json(?))",
            [str(paths.landing / "_SUCCESS" / "*")],
        ).fetchall()[0][0]


def generate(paths: Paths, users: int, days: int, file_format: str) -> int:
    """Simulate ``days`` days for ``users`` users; returns the rows written."""
    config = SimulationConfig(users=users, epoch=EPOCH, file_format=file_format)
    write_days(EPOCH, EPOCH + timedelta(days=days - 1), config, paths)
    return landed_rows(paths)


def generate_next_day(paths: Paths, users: int, days: int, file_format: str) -> int:
    """Simulate the day after."""
    before = landed_rows(paths)
    day = EPOCH + timedelta(days=days)
    write_days(day, day, SimulationConfig(users=users, epoch=EPOCH, file_format=file_format), paths)
    return landed_rows(paths) - before


def load(paths: Paths, _users: int, days: int, _file_format: str) -> int:
    """Load everything that has landed."""
    return load_days(EPOCH, EPOCH + timedelta(days=days - 1), paths).rows_loaded


def load_next_day(paths: Paths, _users: int, days: int, _file_format: str) -> int:
    """Load the day after, as a daily run does."""
    day = EPOCH + timedelta(days=days)
    return load_days(day - timedelta(days=7), day, paths).rows_loaded


def build(paths: Paths, _users: int, days: int, _file_format: str) -> None:
    """Full refresh, tests and publication."""
    build_and_publish(EPOCH, EPOCH + timedelta(days=days - 1), "run", paths, full_refresh=True)


def build_next_day(paths: Paths, _users: int, days: int, _file_format: str) -> None:
    """The daily build, tests and publication."""
    day = EPOCH + timedelta(days=days)
    build_and_publish(day, day, "run", paths)


def refresh_gold(paths: Paths, _users: int, days: int, _file_format: str) -> None:
    """The daily build and its tests, not published."""
    day = EPOCH + timedelta(days=days)
    run_dbt(plan(day, day, "run", paths), paths)


def publish_gold(paths: Paths, _users: int, _days: int, _file_format: str) -> None:
    """Publication of what ``refresh_gold`` made."""
    with connect(paths, read_only=True) as con:
        build_id = con.execute("select build_id from ops.dbt_runs order by started_at desc limit 1").fetchall()[0][0]
    publish(build_id, paths)


def row_by_row(paths: Paths, users: int, days: int, _file_format: str) -> int:
    """Events written one by one in plain Python, the manner of the seed's generator."""
    return write_events_row_by_row(paths.root / "events.csv", users, days, EPOCH)


STEPS: dict[str, Callable[[Paths, int, int, str], int | None]] = {
    step.__name__: step
    for step in (
        generate,
        load,
        build,
        generate_next_day,
        load_next_day,
        build_next_day,
        refresh_gold,
        publish_gold,
        row_by_row,
    )
}


def main() -> None:
    """Run one step and print what it took."""
    step, root, users, days, file_format = sys.argv[1:]
    wall, cpu = time.perf_counter(), time.process_time()
    rows = STEPS[step](Paths(Path(root)), int(users), int(days), file_format)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "wall": wall, "cpu": cpu, "peak_mib": peak}))


if __name__ == "__main__":
    main()
