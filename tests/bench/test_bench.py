"""Every part of the benchmark on a tiny world ends with its table; what the figures are is no test's business."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench import document
from bench.table import Table
from include.settings import PROJECT_ROOT

PARTS = {
    "steps": (
        "--rows 2e4 --format parquet",
        ["rival: events row by row", "limit: DuckDB reads", "load one more day", "build one more day"],
    ),
    "increment": (
        "--users 150 --history 20 --history 40 --increments 1",
        ["rows of that day", "incremental models", "publish"],
    ),
    "scheduled": ("--users 150 --days 30", ["build", "load to publication", "load to the end of the run"]),
    "pages": (
        "--users 300 --days 60 --minutes 0.5",
        ["full build, tests, publication", "first asked, ms", "errors", "cold Data Health, every chart, s"],
    ),
}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.extended
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", PARTS)
def test_a_part_measures_a_tiny_world_to_its_last_line(part: str, tmp_path: Path):
    options, lines = PARTS[part]
    ended = bench(part, *options.split(), "--folder", str(tmp_path))
    assert ended.returncode == 0, ended.stderr[-4000:]
    shown = ended.stdout.splitlines()
    assert [line for line in lines if not any(row.startswith(line) for row in shown)] == [], ended.stdout
    assert list(tmp_path.iterdir()) == [], "a world was left behind"


def test_a_world_that_the_disk_cannot_hold_is_refused_before_anything_is_made(tmp_path: Path):
    ended = bench("steps", "--rows", "1e14", "--folder", str(tmp_path))
    assert ended.returncode == 2
    assert "GB are free. Name another --folder, or a smaller world." in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_table_takes_the_place_of_its_earlier_self_and_leaves_the_others(tmp_path: Path):
    def measured(name: str, seconds: str) -> Table:
        table = Table(name, f"Title of {name}", ("what", "s"))
        table.add("load", seconds)
        return table

    file = tmp_path / "benchmarks.md"
    for table in (measured("steps", "1.0"), measured("steps-large", "2.0"), measured("steps", "3.0")):
        document.write(table, file)
    assert [row for row in file.read_text().splitlines() if row.startswith("| load")] == [
        "| load | 3.0 |",
        "| load | 2.0 |",
    ]
