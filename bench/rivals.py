"""What a user would pick instead, and what the machine allows: the same landing files read in other ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pandas as pd

from include.contracts.model import FOLDER, contract

#: What pandas does with a column of this type of the contract.
CONVERSIONS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "BIGINT": lambda column: pd.to_numeric(column).astype("Int64"),
    "DECIMAL": lambda column: pd.to_numeric(column),
    "TIMESTAMP": lambda column: pd.to_datetime(column, utc=True, format="ISO8601"),
    "DATE": lambda column: pd.to_datetime(column, format="ISO8601"),
    "BOOLEAN": lambda column: column.map({"true": True, "false": False}),
}


def _files(landing: Path) -> Iterator[tuple[str, list[Path]]]:
    """Table, and its landing files, oldest day first."""
    for table in sorted(file.stem for file in FOLDER.glob("*.yaml")):
        files = sorted(file for file in (landing / table).glob("ds=*/*") if file.suffix in (".csv", ".parquet"))
        if files:
            yield table, files


def _relation(files: list[Path]) -> str:
    listed = ", ".join(f"'{file}'" for file in files)
    if files[0].suffix == ".parquet":
        return f"read_parquet([{listed}], union_by_name = true)"
    return f"read_csv([{listed}], all_varchar = true, union_by_name = true)"


def parse_only(landing: Path) -> int:
    """Have DuckDB read every value of every landing file, and keep none; rows."""
    with duckdb.connect() as con:
        return sum(
            con.execute(f"select count(*), bit_xor(hash(landed)) from {_relation(files)} as landed").fetchall()[0][0]
            for _, files in _files(landing)
        )


def copy_only(landing: Path, to: Path) -> int:
    """Have DuckDB copy every landing file's rows into one Parquet file a table: writing, without a simulation; rows."""
    to.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        return sum(
            con.execute(f"copy (from {_relation(files)}) to '{to / table}.parquet' (format parquet)").fetchall()[0][0]
            for table, files in _files(landing)
        )


def pandas_load(landing: Path, to: Path) -> int:
    """Type the rows as the contracts say, keep the newest of each key, count events by user and day; rows read.

    Nothing is held against a contract, no fault is found, and all of it is in memory at once.
    """
    to.mkdir(parents=True, exist_ok=True)
    read = 0
    for table, files in _files(landing):
        promised = contract(table)
        frames = [pd.read_parquet(f) if f.suffix == ".parquet" else pd.read_csv(f, dtype=str) for f in files]
        rows = pd.concat(frames, ignore_index=True)
        read += len(rows)
        for column in promised.columns:
            convert = CONVERSIONS.get(column.type.partition("(")[0])
            if convert and column.name in rows and rows[column.name].dtype == object:
                rows[column.name] = convert(rows[column.name])
        rows = rows.drop_duplicates([*promised.key], keep="last")
        rows.to_parquet(to / f"{table}.parquet", index=False)
        if table == "events":
            days = rows.groupby(["user_id", rows["event_at"].dt.floor("D"), "event_type"]).size().unstack(fill_value=0)
            days.reset_index().to_parquet(to / "user_days.parquet", index=False)
    return read
