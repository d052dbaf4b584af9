"""The steps of the pipeline on worlds of a size, beside what a user would pick instead and what the machine allows."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.measure import measured
from bench.table import Table

#: Rows in all landing files that a user makes on an average day of the first 116 days; measured.
ROWS_PER_USER_DAY = 0.86
DAYS = 116

EVERY = (
    "generate", "copy_landing", "parse_landing", "load", "pandas", "build", "generate_next_day", "load_next_day",
    "build_next_day",
)  # fmt: skip
#: Step of ``bench.measure`` -> what its row is called.
NAMES = {
    "row_by_row": "rival: events row by row",
    "generate": "generate",
    "copy_landing": "limit: DuckDB copies the files",
    "parse_landing": "limit: DuckDB reads the files",
    "load": "load",
    "pandas": "rival: pandas reads and counts",
    "build": "full build, tests, publication",
    "generate_next_day": "generate one more day",
    "load_next_day": "load one more day",
    "build_next_day": "build one more day, tests, publication",
    "core_on_spark": "the core from scratch on Spark, without tests",
    "core_on_duckdb": "the same tables on DuckDB",
}


def bench_steps(sizes: Sequence[int], formats: Sequence[str], steps: Sequence[str], folder: Path) -> list[Table]:
    """One table; a step's rows are those that it read or wrote."""
    table = Table(
        "steps", f"Steps on worlds of {DAYS} days",
        ("step, rows of the world, format", "rows", "wall s", "CPU s", "rows/CPU s", "peak MiB"),
    ).begin()  # fmt: skip
    _world(1_000_000, "csv", ["row_by_row"], folder, table)
    for size in sizes:
        for file_format in formats:
            _world(size, file_format, steps, folder, table)
    table.note(
        "Figures to reach: the generator makes 400,000 rows a CPU second into Parquet and 250,000 into CSV at 10"
        " million rows, start-up apart; a row costs at most 1.5 times as much at one size as at another."
    )
    table.note(
        "The limits read or copy the same files and do nothing else: no simulation, no contract, no deduplication."
        " pandas types the rows, keeps the newest of each key and counts events by user and day, all of it in memory;"
        " the load also holds every value against its contract, and finds what is late, repeated or missing."
    )
    return [table]


def _world(rows: int, file_format: str, steps: Sequence[str], folder: Path, table: Table) -> None:
    users = max(100, round(rows / ROWS_PER_USER_DAY / DAYS))
    with tempfile.TemporaryDirectory(prefix="carton-bench-", dir=folder) as root:
        for step in steps:
            took = measured(step, Path(root), users, DAYS, file_format)
            rate = f"{took['rows'] / took['cpu']:,.0f}" if took["rows"] else ""
            table.add(
                f"{NAMES[step]}, {rows:,}, {file_format}", f"{took['rows'] or 0:,}" if rate else "",
                f"{took['wall']:,.1f}", f"{took['cpu']:,.1f}", rate, f"{took['peak_mib']:,.0f}",
            )  # fmt: skip
