"""Measure the steps of the pipeline on simulated worlds and print a table: ``python -m bench --rows 1e6 --rows 1e7``.

A benchmark reports; it never fails a build, and no test measures time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from bench.increment import bench_increment
from bench.pages import bench_pages
from bench.scheduled import bench_scheduled
from include.settings import PROJECT_ROOT

#: Rows in all landing files that a user makes on an average day of the first 116 days; measured.
ROWS_PER_USER_DAY = 0.86
DAYS = 116
#: Landing files, warehouse and snapshot together; measured in CSV, rounded up.
BYTES_PER_ROW = 700

HEAD = f"{'rows':>12} {'format':<8}{'step':<20}{'wall s':>9}{'CPU s':>9}{'rows/s CPU':>13}{'peak MiB':>10}"


def measured(step: str, root: Path, *size: object) -> dict[str, Any]:
    """Run one step in a process of its own; ``size`` as ``bench.measure`` wants it."""
    command = [sys.executable, "-m", "bench.measure", step, str(root), *map(str, size)]
    output = subprocess.run(command, cwd=PROJECT_ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output.splitlines()[-1])


def line(rows: int, file_format: str, step: str, result: dict[str, Any]) -> str:
    """One row of the table."""
    rate = f"{result['rows'] / result['cpu']:,.0f}" if result["rows"] else ""
    return (
        f"{rows:>12,} {file_format:<8}{step:<20}{result['wall']:>9.2f}{result['cpu']:>9.2f}"
        f"{rate:>13}{result['peak_mib']:>10,.0f}"
    )


def bench(rows: int, file_format: str, steps: list[str], folder: Path) -> None:
    """Measure ``steps`` one after the other on a world of about ``rows`` rows."""
    users = max(100, round(rows / ROWS_PER_USER_DAY / DAYS))
    with tempfile.TemporaryDirectory(prefix="carton-bench-", dir=folder) as root:
        made = None
        for step in steps:
            result = measured(step, Path(root), users, DAYS, file_format)
            made = made or result["rows"]
            print(line(made, file_format, step, result), flush=True)


def main() -> None:
    """Parse the options, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--rows", type=float, action="append", help="size of a world; may be repeated (default 1e6, 1e7)"
    )
    parser.add_argument("--format", choices=["csv", "parquet"], action="append", help="default both")
    parser.add_argument(
        "--steps", default="generate,load", help="comma-separated, or `all`: also builds and a daily run"
    )
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the worlds go")
    parser.add_argument("--increment", action="store_true", help="measure one more day after long histories instead")
    parser.add_argument(
        "--scheduled", action="store_true", help="measure a day in the scheduler and without it instead"
    )
    parser.add_argument("--pages", action="store_true", help="measure the pages with 20 people at them instead")
    parser.add_argument("--minutes", type=float, default=10.0, help="of --pages (default 10)")
    parser.add_argument(
        "--users", type=int, help="of --increment, at its end (20000), --scheduled (2000), --pages (100000)"
    )
    parser.add_argument(
        "--history",
        type=int,
        action="append",
        help="days; of --increment (default 180, 1800), --scheduled (120) and --pages (180)",
    )
    parser.add_argument("--increments", type=int, default=3, help="days built one by one; of --increment")
    options = parser.parse_args()
    sizes = [int(size) for size in options.rows or [1e6, 1e7]]
    every = "generate,load,build,generate_next_day,load_next_day,build_next_day"
    steps = (every if options.steps == "all" else options.steps).split(",")
    histories = options.history or ([120] if options.scheduled else [180] if options.pages else [180, 1800])
    users = options.users or (2_000 if options.scheduled else 100_000 if options.pages else 20_000)
    if options.increment or options.scheduled or options.pages:
        sizes = [round(users * max(histories) * ROWS_PER_USER_DAY)]
    needed, free = max(sizes) * BYTES_PER_ROW, shutil.disk_usage(options.folder).free
    if needed > free:
        parser.error(
            f"{max(sizes):,} rows need about {needed / 1e9:.0f} GB in {options.folder}, "
            f"and {free / 1e9:.0f} GB are free. Name another --folder, or a smaller --rows."
        )
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {versions}"
    if options.increment:
        print(machine)
        file_format = (options.format or ["parquet"])[0]
        bench_increment(users, histories, file_format, options.increments, options.folder, measured)
        return
    if options.pages:
        print(machine)
        bench_pages(users, histories[0], options.minutes, options.folder, measured)
        return
    if options.scheduled:
        print(machine)
        for days in histories:
            bench_scheduled(users, days, options.folder, measured)
        return
    print(f"{machine}; {DAYS} days each")
    print(HEAD)
    bench(1_000_000, "csv", ["row_by_row"], options.folder)
    for size in sizes:
        for file_format in options.format or ["csv", "parquet"]:
            bench(size, file_format, steps, options.folder)


if __name__ == "__main__":
    main()
