"""Measure the steps of the pipeline on a simulated world: ``python -m bench --users 2000 --days 120``.

A benchmark reports; it never fails a build, and no test measures time.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from include.generator import SimulationConfig
from include.generator.simulate import write_days
from include.ingest.load import load_days
from include.pipeline import build_and_publish
from include.settings import Paths

EPOCH = date(2026, 1, 1)


class Table:
    """One row per measured step."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, float, float, int | None]] = []

    @contextmanager
    def step(self, name: str, rows: Callable[[], int] | None = None) -> Iterator[None]:
        """Time what happens inside; ``rows`` counts what it handled, afterwards."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self._rows.append(
            (name, time.perf_counter() - wall, time.process_time() - cpu, rows() if rows is not None else None)
        )

    def text(self) -> str:
        """The table, and the machine it was made on."""
        versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
        lines = [
            f"{platform.machine()}, {os.cpu_count()} cores, {versions}",
            f"{'step':<24}{'wall s':>9}{'CPU s':>9}{'rows':>12}{'rows/s CPU':>14}",
        ]
        for name, wall, cpu, rows in self._rows:
            counted = "" if rows is None else f"{rows:,}"
            rate = "" if rows is None else f"{rows / cpu:,.0f}"
            lines.append(f"{name:<24}{wall:>9.2f}{cpu:>9.2f}{counted:>12}{rate:>14}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return "\n".join([*lines, f"peak memory of this process: {peak:,.0f} MiB"])


def measure(paths: Paths, users: int, days: int, file_format: str) -> Table:
    """Generate, load, build and publish ``days`` days, then one more day as a daily run does."""
    table = Table()
    config = SimulationConfig(users=users, epoch=EPOCH, file_format=file_format)
    last, extra = EPOCH + timedelta(days=days - 1), EPOCH + timedelta(days=days)
    loaded: list[Any] = []
    with table.step("generate", lambda: _landed_rows(paths)):
        write_days(EPOCH, last, config, paths)
    with table.step("load", lambda: loaded[0].rows_loaded):
        loaded.append(load_days(EPOCH, last, paths))
    with table.step("full build, publish"):
        build_and_publish(EPOCH, last, "run", paths, full_refresh=True)
    write_days(extra, extra, config, paths)
    with table.step("load of one more day", lambda: loaded[1].rows_loaded):
        loaded.append(load_days(extra - timedelta(days=7), extra, paths))
    with table.step("daily build, publish"):
        build_and_publish(extra, extra, "run", paths)
    return table


def _landed_rows(paths: Paths) -> int:
    with duckdb.connect() as con:
        return con.execute(
            "select sum(file.rows) from (select unnest(files) as file from read_json(?))",
            [str(paths.landing / "_SUCCESS" / "*")],
        ).fetchall()[0][0]


def main() -> None:
    """Parse the options, measure in a temporary data root, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--format", choices=["csv", "parquet"], default="csv")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="carton-bench-") as folder:
        print(measure(Paths(Path(folder)), options.users, options.days, options.format).text())


if __name__ == "__main__":
    main()
