"""A backup: one folder that a whole installation can be brought back from, except for its landing files.

It holds the warehouse, Airflow's database, the state of the alerts, what the first start decided, and this
installation's keys; hence mode 0700. Landing files and their archive are only ever added to: copy those two folders.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection
from filelock import FileLock, Timeout

from include.housekeeping.backups import DATABASE, DESCRIPTION, METADATA, Backup, backups, now
from include.housekeeping.disk import make_durable, require_free, sha256
from include.housekeeping.errors import HousekeepingError
from include.housekeeping.limits import Limits
from include.housekeeping.metadata import dump_metadata, metadata_uri
from include.housekeeping.tables import require_same, table_states
from include.ingest.load import MEMORY_LIMIT
from include.settings import Paths
from include.warehouse import connect

#: Files and folders of the data root, beside the warehouse, that cannot be made again.
SIDE_FILES = ("alerts", "world.json", "airflow/secrets.json", "airflow/passwords.json")

_UNFINISHED = ".partial-"
_SQLITE = b"SQLite format 3\0"


def back_up(paths: Paths, limits: Limits) -> Backup:
    """Make a backup, hold it against the warehouse, and drop the oldest beyond ``limits.backups_kept``.

    Killed at any moment it leaves the earlier backups as they are, and no folder that looks like one.

    Raises:
        HousekeepingError: no room, another backup is being made, or the copy is not what the warehouse holds.
        WarehouseError: there is no warehouse, or another process holds it.
    """
    with held(paths):
        _require_warehouse(paths)
        _require_own_folder(paths)
        for litter in [*paths.backup.glob(f"{_UNFINISHED}*"), *paths.backup.glob(".trial-*")]:
            shutil.rmtree(litter)
        require_free(paths.backup, _expected_bytes(paths), "a backup")
        while (final := paths.backup / f"{(made_at := now()):%Y-%m-%dT%H%M%SZ}").exists():
            time.sleep(0.1)  # a name is of one second
        unfinished = paths.backup / f"{_UNFINISHED}{final.name}"
        unfinished.mkdir(mode=0o700)
        with connect(paths) as con:
            con.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
            newest_day, newest_load = con.execute(
                "select max(ds), coalesce(max(load_id), 0) from ops.landing_days"
            ).fetchall()[0]
            _copy_database(con, unfinished / DATABASE)
            tables = table_states(con)
        with duckdb.connect(str(unfinished / DATABASE), read_only=True) as copy:
            require_same(table_states(copy), tables, f"The copy {unfinished / DATABASE}")
        for name in SIDE_FILES:
            _copy_side_files(paths.root / name, unfinished / name)
        if uri := metadata_uri():
            dump_metadata(uri, unfinished / METADATA)
        backup = Backup(
            folder=unfinished,
            made_at=made_at,
            data_root=str(paths.root),
            newest_day=newest_day,
            newest_load=newest_load,
            duckdb_version=duckdb.__version__,
            tables=tables,
            files=_digests(unfinished),
        )
        _finish(backup, final)
        for old in backups(paths)[limits.backups_kept :]:
            shutil.rmtree(old.folder)
        return replace(backup, folder=final)


@contextmanager
def held(paths: Paths) -> Iterator[None]:
    """Be the only one that works on the backups of this data root. Raises HousekeepingError when there is another."""
    paths.backup.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with FileLock(paths.backup / ".lock", timeout=0):
            yield
    except Timeout:
        raise HousekeepingError(
            f"Another process makes or tries a backup in {paths.backup}. Run again when it is done."
        ) from None


def _require_warehouse(paths: Paths) -> None:
    if not paths.warehouse.exists():
        raise HousekeepingError(
            f"There is no warehouse at {paths.warehouse}, so there is nothing to back up. "
            "Make one: python -m include.pipeline run --start YYYY-MM-DD --end YYYY-MM-DD"
        )


def _require_own_folder(paths: Paths) -> None:
    """Two data roots with one folder would drop each other's backups."""
    others = [backup.data_root for backup in backups(paths) if backup.data_root != str(paths.root)]
    if others and not paths.backup.is_relative_to(paths.root):
        raise HousekeepingError(
            f"{paths.backup} has backups of {others[0]}, and {paths.root} would drop the older of them. Set "
            "CARTON_BACKUP_DIR to a folder of its own; if the data root was moved, move those backups away first."
        )


def _expected_bytes(paths: Paths) -> int:
    """An upper bound: the warehouse with its log, and everything beside it. A dump of Airflow's is far smaller."""
    sides = [paths.root / name for name in SIDE_FILES]
    files = [*paths.warehouse.parent.glob("*"), *sides, *(file for side in sides for file in side.rglob("*"))]
    return sum(file.stat().st_size for file in files if file.is_file())


def _copy_database(con: DuckDBPyConnection, target: Path) -> None:
    """A logical copy: it reads every row, so it fails on a damaged block, and it needs no second file handle."""
    con.execute(f"attach '{str(target).replace(chr(39), chr(39) * 2)}' as backup_copy")
    try:
        name = con.execute("select current_database()").fetchall()[0][0]
        con.execute(f'copy from database "{name}" to backup_copy')
        con.execute("checkpoint backup_copy")
    finally:
        con.execute("detach backup_copy")
    target.chmod(0o600)


def _copy_side_files(source: Path, target: Path) -> None:
    if source.is_dir():
        for entry in sorted(source.iterdir()):
            _copy_side_files(entry, target / entry.name)
    elif source.is_file() and not source.name.endswith(("-wal", "-shm", "-journal", ".lock")):
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with source.open("rb") as stream:
            is_sqlite = stream.read(len(_SQLITE)) == _SQLITE
        if is_sqlite:  # a plain copy of a database that is written to may not open
            with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
                live.backup(copy)
        else:
            shutil.copyfile(source, target)
        target.chmod(0o600)


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): sha256(file) for file in files}


def _finish(backup: Backup, final: Path) -> None:
    """Everything on the disk, then the description, then the name by which it is found."""
    (backup.folder / DESCRIPTION).write_text(json.dumps(backup.description(), indent=1) + "\n", encoding="utf-8")
    for path in [*backup.folder.rglob("*"), backup.folder]:
        make_durable(path)
    backup.folder.rename(final)
    make_durable(final.parent)
