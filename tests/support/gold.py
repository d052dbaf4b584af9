"""Reading gold back, for comparisons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from include.settings import Paths


def gold_tables(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every gold table's rows, sorted, out of a warehouse or a snapshot."""
    with duckdb.connect(str(database), read_only=True) as con:
        names = [
            name
            for (name,) in con.execute(
                "select table_name from duckdb_tables() where schema_name = 'gold' order by 1"
            ).fetchall()
        ]
        return {name: con.execute(f"select * from gold.{name} order by all").fetchall() for name in names}


def served(paths: Paths, sql: str) -> list[tuple[Any, ...]]:
    """What a reader of the current snapshot gets."""
    with duckdb.connect(str(paths.current.resolve()), read_only=True) as con:
        return con.execute(sql).fetchall()


def assert_same_gold(left: Path, right: Path) -> None:
    """Fail with the first table that differs and the rows on either side."""
    ours, theirs = gold_tables(left), gold_tables(right)
    assert ours.keys() == theirs.keys()
    for name, rows in ours.items():
        only_left = [row for row in rows if row not in theirs[name]]
        only_right = [row for row in theirs[name] if row not in rows]
        assert rows == theirs[name], f"gold.{name} differs:\n only left {only_left[:5]}\n only right {only_right[:5]}"
