"""One measured step in a process of its own: ``python -m bench.measure STEP DATA_ROOT ...`` prints one line of JSON.

``measured`` starts such a process and returns what it printed.

Arguments after these two: users, days, format, and the first day of the world when it is not ``EPOCH``.

A process of its own gives each step its own peak memory; wall and CPU seconds begin after the imports. What it starts,
such as Spark, counts: CPU seconds are added, the peak is that of the largest process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import duckdb

from bench.rivals import copy_only, pandas_load, parse_only
from bench.row_by_row import write_events_row_by_row
from include.build import plan, run_dbt
from include.generator import SimulationConfig
from include.generator.config import FileFormat
from include.generator.simulate import write_days
from include.ingest.load import load_days
from include.pipeline import build_and_publish
from include.serving.publish import publish
from include.settings import PROJECT_ROOT, Paths
from include.warehouse import connect

EPOCH = date(2026, 1, 1)


@dataclass(frozen=True)
class Size:
    """Of a world: ``days`` days from ``epoch`` on."""

    users: int
    days: int
    file_format: FileFormat
    epoch: date = EPOCH

    @property
    def last_day(self) -> date:
        """The last day of its history."""
        return self.next_day - timedelta(days=1)

    @property
    def next_day(self) -> date:
        """The day after, which a daily run adds."""
        return self.epoch + timedelta(days=self.days)

    @property
    def config(self) -> SimulationConfig:
        """What the simulator is told."""
        return SimulationConfig(users=self.users, epoch=self.epoch, file_format=self.file_format)


def landed_rows(paths: Paths) -> int:
    """Rows of all landing files, by their manifests."""
    with duckdb.connect() as con:
        return con.execute(
            "select coalesce(sum(file.rows), 0)::bigint from (select unnest(files) as file from read_json(?))",
            [str(paths.landing / "_SUCCESS" / "*")],
        ).fetchall()[0][0]


def generate(paths: Paths, size: Size) -> int:
    """Simulate the history; returns the rows written."""
    write_days(size.epoch, size.last_day, size.config, paths)
    return landed_rows(paths)


def generate_next_day(paths: Paths, size: Size) -> int:
    """Simulate the day after."""
    before = landed_rows(paths)
    write_days(size.next_day, size.next_day, size.config, paths)
    return landed_rows(paths) - before


def load(paths: Paths, size: Size) -> int:
    """Load everything that has landed."""
    return load_days(size.epoch, size.last_day, paths).rows_loaded


def load_next_day(paths: Paths, size: Size) -> int:
    """Load the day after, as a daily run does."""
    return load_days(size.next_day - timedelta(days=7), size.next_day, paths).rows_loaded


def build(paths: Paths, size: Size) -> None:
    """Full refresh, tests and publication."""
    build_and_publish(size.epoch, size.last_day, "run", paths, full_refresh=True)


def build_next_day(paths: Paths, size: Size) -> None:
    """The daily build, tests and publication."""
    build_and_publish(size.next_day, size.next_day, "run", paths)


def refresh_gold(paths: Paths, size: Size) -> None:
    """The daily build and its tests, not published."""
    run_dbt(plan(size.next_day, size.next_day, "run", paths), paths)


def publish_gold(paths: Paths, _size: Size) -> None:
    """Publication of what ``refresh_gold`` made."""
    with connect(paths, read_only=True) as con:
        build_id = con.execute("select build_id from ops.dbt_runs order by started_at desc limit 1").fetchall()[0][0]
    publish(build_id, paths)


def core_on_spark(paths: Paths, size: Size) -> None:
    """The core from scratch on Spark, without tests; before ``core_on_duckdb``, which takes its tables from here."""
    from include.spark.core import build_core

    build_core(plan(size.epoch, size.last_day, "run", paths, full_refresh=True), paths)


def core_on_duckdb(paths: Paths, size: Size) -> None:
    """The same tables from scratch on DuckDB."""
    from include.spark.core import core_tables

    names = [table.name for table in core_tables(paths)]
    run_dbt(plan(size.epoch, size.last_day, "run", paths, full_refresh=True), paths, names)


def row_by_row(paths: Paths, size: Size) -> int:
    """Events written one by one in plain Python, the manner of the seed's generator."""
    return write_events_row_by_row(paths.root / "events.csv", size.users, size.days, size.epoch)


def parse_landing(paths: Paths, _size: Size) -> int:
    """What the machine allows a load: every landed value read by DuckDB, and none kept."""
    return parse_only(paths.landing)


def copy_landing(paths: Paths, _size: Size) -> int:
    """What the machine allows a generator: the same rows copied into Parquet."""
    return copy_only(paths.landing, paths.root / "copied")


def pandas(paths: Paths, _size: Size) -> int:
    """The rival of a load and a small transformation."""
    return pandas_load(paths.landing, paths.root / "pandas")


STEPS: dict[str, Callable[[Paths, Size], int | None]] = {
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
        core_on_spark,
        core_on_duckdb,
        row_by_row,
        parse_landing,
        copy_landing,
        pandas,
    )
}


def measured(step: str, root: Path, *size: object) -> dict[str, Any]:
    """Run one step in a process of its own; ``size``: users, days, format, and the first day unless it is ``EPOCH``.

    Returns rows (None for a step that has none), wall and cpu seconds, peak_mib.
    """
    command = [sys.executable, "-m", "bench.measure", step, str(root), *map(str, size)]
    output = subprocess.run(command, cwd=PROJECT_ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output.splitlines()[-1])


#: This process, and those it started and has seen end.
PROCESSES = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def _cpu_seconds() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, PROCESSES))


def main() -> None:
    """Run one step and print what it took."""
    step, root, users, days, file_format, *epoch = sys.argv[1:]
    size = Size(int(users), int(days), cast("FileFormat", file_format), *map(date.fromisoformat, epoch))
    wall, cpu = time.perf_counter(), _cpu_seconds()
    rows = STEPS[step](Paths(Path(root)), size)
    wall, cpu = time.perf_counter() - wall, _cpu_seconds() - cpu
    peak = max(resource.getrusage(who).ru_maxrss for who in PROCESSES) / 1024
    print(json.dumps({"rows": rows, "wall": wall, "cpu": cpu, "peak_mib": peak}))


if __name__ == "__main__":
    main()
