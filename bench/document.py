"""``docs/benchmarks.md``: one section per part of the benchmark, each replaced when that part is measured again."""

from __future__ import annotations

import os
import platform
import re
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bench.table import Table
from include.settings import PROJECT_ROOT

DOCUMENT = PROJECT_ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `python -m bench PART --write`, a section per part; a note says where one was not. Every step runs in a
process of its own. The figures to reach are those of the design. No test measures time.
"""


def machine() -> str:
    """Processor, cores and versions."""
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    return f"{platform.machine()}, {os.cpu_count()} cores, {versions}"


def _command() -> str:
    """What was asked for, without the folders of this machine."""
    asked = [word for word in sys.argv[1:] if word != "--write"]
    for option in ("--folder", "--root"):
        if option in asked:
            asked[asked.index(option) + 1] = "FOLDER"
    return shlex.join(["python", "-m", "bench", *asked])


def write(table: Table, document: Path = DOCUMENT) -> None:
    """Put the table in place of its earlier self, or at the end."""
    known = document.read_text(encoding="utf-8") if document.exists() else HEAD
    begin, end = f"<!-- {table.name} -->", f"<!-- end of {table.name} -->"
    stamp = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}: `{_command()}`"
    section = f"{begin}\n{table.markdown()}\n\n{stamp}\n{end}"
    there = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    replaced, times = there.subn(lambda _: section, known)
    document.write_text(replaced if times else f"{known.rstrip()}\n\n{section}\n", encoding="utf-8")
