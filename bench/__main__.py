"""Measure the pipeline on simulated worlds: ``python -m bench PART``; ``--write`` puts the table into the docs.

A benchmark reports; it never fails a build, and no test measures time.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from bench import document
from bench.increment import bench_increment
from bench.pages import answered, bench_pages
from bench.scheduled import bench_scheduled
from bench.steps import EVERY, ROWS_PER_USER_DAY, bench_steps
from bench.table import Table

#: Landing files, warehouse and snapshot together: in CSV as measured, rounded up; in Parquet 108 were measured, and the
#: rest is for what DuckDB puts on disk while it builds, which was not.
BYTES_PER_ROW = {"csv": 700, "parquet": 250}


def _steps(options: argparse.Namespace) -> tuple[float, Callable[[], Iterable[Table]]]:
    sizes = [int(size) for size in options.rows or [1e6, 1e7]]
    formats = options.format or ["parquet", "csv"]
    needed = max(sizes) * max(BYTES_PER_ROW[one] for one in formats)
    return needed, lambda: bench_steps(sizes, formats, options.steps.split(","), options.folder)


def _increment(options: argparse.Namespace) -> tuple[float, Callable[[], Iterable[Table]]]:
    histories = options.history or [180, 1800]
    needed = _bytes(options.users, max(histories), "parquet")
    return needed, lambda: bench_increment(options.users, histories, "parquet", options.increments, options.folder)


def _scheduled(options: argparse.Namespace) -> tuple[float, Callable[[], Iterable[Table]]]:
    needed = _bytes(options.users, options.days, "csv")
    return needed, lambda: bench_scheduled(options.users, options.days, options.folder)


def _pages(options: argparse.Namespace) -> tuple[float, Callable[[], Iterable[Table]]]:
    if options.root:
        return 0, lambda: [answered(options.root, options.users, options.days, options.minutes)]
    needed = _bytes(options.users, options.days, "parquet")
    return needed, lambda: bench_pages(options.users, options.days, options.minutes, options.folder)


def _bytes(users: int, days: int, file_format: str) -> float:
    return users * days * ROWS_PER_USER_DAY * BYTES_PER_ROW[file_format]


def main() -> None:
    """Parse the options, see that the disk has room, measure, print."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the worlds go")
    common.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)

    steps = parts.add_parser("steps", parents=[common], help="generate, load, build, one more day; rivals and limits")
    steps.add_argument("--rows", type=float, action="append", help="of a world; may be repeated (default 1e6, 1e7)")
    steps.add_argument("--format", choices=["csv", "parquet"], action="append", help="default both")
    steps.add_argument(
        "--steps",
        default=",".join(EVERY),
        help="comma-separated (%(default)s); also core_on_spark,core_on_duckdb after a load",
    )
    steps.set_defaults(part=_steps)

    increment = parts.add_parser("increment", parents=[common], help="one more day after a short and a long history")
    increment.add_argument("--users", type=int, default=20_000, help="at the end of the history (%(default)s)")
    increment.add_argument("--history", type=int, action="append", help="days (default 180 and 1800)")
    increment.add_argument("--increments", type=int, default=3, help="days built one by one (%(default)s)")
    increment.set_defaults(part=_increment)

    scheduled = parts.add_parser("scheduled", parents=[common], help="a day in the scheduler and without it")
    scheduled.add_argument("--users", type=int, default=2_000, help="%(default)s")
    scheduled.add_argument("--days", type=int, default=120, help="of history (%(default)s)")
    scheduled.set_defaults(part=_scheduled)

    pages = parts.add_parser("pages", parents=[common], help="a large world to its pages, and 20 people at them")
    pages.add_argument("--users", type=int, default=100_000, help="%(default)s")
    pages.add_argument("--days", type=int, default=180, help="of history (%(default)s)")
    pages.add_argument("--minutes", type=float, default=10.0, help="%(default)s")
    pages.add_argument("--root", type=Path, help="a data folder with such a world in it: only its pages are measured")
    pages.set_defaults(part=_pages)

    options = parser.parse_args()
    needed, measure = options.part(options)
    free = shutil.disk_usage(options.folder).free
    if needed > free:
        parser.error(
            f"This takes about {needed / 1e9:.0f} GB in {options.folder}, and {free / 1e9:.0f} GB are free. "
            "Name another --folder, or a smaller world."
        )
    print(document.machine())
    for table in measure():
        if options.write:
            document.write(table)


if __name__ == "__main__":
    main()
