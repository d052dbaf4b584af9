"""``raw`` as Parquet files for Spark: one folder per table and landing day, rewritten when the day was loaded."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from include.contracts import TABLES
from include.disk import require_free
from include.settings import Paths

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: DuckDB's types whose name Spark does not know. JSON is text in Parquet and in Spark.
_SPARK_TYPES = {"VARCHAR": "string", "JSON": "string", "INTEGER": "int", "TIMESTAMP": "timestamp"}

#: What a row takes as Parquet, at most: measured 30 to 60 bytes.
_BYTES_PER_ROW = 100


def export_raw(con: DuckDBPyConnection, paths: Paths) -> dict[str, dict[str, str]]:
    """Write the landing days that were loaded since the last export; returns each table's columns and Spark types.

    ``spark/raw/<table>/ds=<day>/rows.parquet`` holds a table's rows of one landing day, ``spark/raw/superseded`` all
    replaced rows. A day of another load than the last time is written anew, a day that the warehouse no longer knows
    goes. An export that is killed is taken up by the next: ``exported.json``, which says what is there, comes last.

    Raises:
        DiskNearlyFullError: there is no room for the files.
    """
    folder = paths.spark / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    known = _exported(folder)
    loaded = {
        str(ds): f"{load_id} {loaded_at}"
        for ds, load_id, loaded_at in con.execute("select ds, load_id, loaded_at from ops.landing_days").fetchall()
    }
    columns = {table: _columns(con, table) for table in (*TABLES, "superseded")}
    changed = [ds for ds in sorted(loaded) if loaded[ds] != known.get(ds)]
    if changed:
        rows = con.execute(
            "select coalesce(sum(rows_loaded), 0) from ops.landing_files where list_contains(?, ds::varchar)", [changed]
        ).fetchall()[0][0]
        require_free(folder, int(rows) * _BYTES_PER_ROW, "the raw tables as Parquet files for Spark", paths)
    for ds in sorted(known.keys() - loaded.keys()):
        for table in TABLES:
            shutil.rmtree(folder / table / f"ds={ds}", ignore_errors=True)
    for table in TABLES:
        (folder / table).mkdir(exist_ok=True)
        for ds in changed:
            _write_day(con, table, ds, folder / table / f"ds={ds}")
    (folder / "superseded").mkdir(exist_ok=True)
    _write(con, "select * replace (row_json::varchar as row_json) from raw.superseded", folder / "superseded")
    _note(folder, loaded)
    return {
        table: {name: _SPARK_TYPES.get(type_, type_.lower()) for name, type_ in names.items()}
        for table, names in columns.items()
    }


def _exported(folder: Path) -> dict[str, str]:
    """Landing day -> the load that was exported; empty where nothing was, or where the note cannot be read."""
    try:
        known: Any = json.loads((folder / "exported.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(ds): str(load) for ds, load in known.items()}


def _note(folder: Path, loaded: dict[str, str]) -> None:
    staged = folder / ".exported.json"
    staged.write_text(json.dumps(loaded), encoding="utf-8")
    staged.replace(folder / "exported.json")


def _columns(con: DuckDBPyConnection, table: str) -> dict[str, str]:
    return dict(
        con.execute(
            "select column_name, data_type from duckdb_columns() where database_name = current_database()"
            " and schema_name = 'raw' and table_name = ? order by column_index",
            [table],
        ).fetchall()
    )


def _write_day(con: DuckDBPyConnection, table: str, ds: str, folder: Path) -> None:
    if con.execute(f"select 1 from raw.{table} where _ds = ?::date limit 1", [ds]).fetchone():
        folder.mkdir(exist_ok=True)
        rows = f"select * exclude (_ds) replace (_extra::varchar as _extra) from raw.{table} where _ds = date '{ds}'"
        _write(con, rows, folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _write(con: DuckDBPyConnection, rows: str, folder: Path) -> None:
    """One file, complete or not there: Spark passes over names that begin with a dot."""
    staged = folder / ".rows.parquet"
    con.execute(f"copy ({rows}) to '{str(staged).replace(chr(39), chr(39) * 2)}' (format parquet)")
    staged.replace(folder / "rows.parquet")
