"""Landing files typed in a test."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from typing import Any

from include.settings import Paths

Row = dict[str, Any]


def land(paths: Paths, ds: date, table: str, rows: Sequence[Row], file_name: str = "part-0.csv") -> None:
    """Write one CSV landing file; the columns are the keys of the first row, None is an empty field."""
    folder = paths.landing / table / f"ds={ds}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / file_name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in rows)


def complete(paths: Paths, ds: date) -> None:
    """Say that the day has landed, without a manifest."""
    folder = paths.landing / "_SUCCESS"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"ds={ds}").touch()


def land_day(paths: Paths, ds: date, tables: dict[str, Sequence[Row]]) -> None:
    """Land a whole day: table name -> rows; a table without rows has no file."""
    for table, rows in tables.items():
        if rows:
            land(paths, ds, table, rows)
    complete(paths, ds)
