"""The trial of a backup: restored for real, into a folder of its own, and held against what was backed up."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import duckdb

from include.housekeeping.back_up import held
from include.housekeeping.backups import METADATA, NEWEST, TRIED, Backup, find_backup, now
from include.housekeeping.disk import make_durable, require_free
from include.housekeeping.errors import HousekeepingError
from include.housekeeping.limits import Limits
from include.housekeeping.metadata import require_readable_dump
from include.housekeeping.restore import restore
from include.housekeeping.tables import require_same, require_views_answer, table_states
from include.ingest.load import MEMORY_LIMIT
from include.settings import Paths
from include.warehouse import connect


def try_newest_backup(paths: Paths, limits: Limits) -> Backup:
    """Restore the newest backup beside the others, compare every table, and note in the backup that it was tried.

    Opens no warehouse of ours: it may run while one is written.

    Raises:
        HousekeepingError: there is no backup, the newest is older than ``limits.backup_age_hours``, or it does not come
            back as it was.
    """
    with held(paths):
        backup = find_backup(NEWEST, paths)
        if backup.hours_old > limits.backup_age_hours:
            raise HousekeepingError(
                f"The newest backup, {backup.name}, is {backup.hours_old:.0f} hours old; {limits.backup_age_hours} "
                "are allowed. Make one: python -m include.pipeline backup"
            )
        require_free(paths.backup, backup.bytes, "the trial of a backup")
        with tempfile.TemporaryDirectory(prefix=".trial-", dir=paths.backup) as folder:
            trial = Paths(Path(folder))
            restore(backup, trial)
            with connect(trial, read_only=True) as con:
                con.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
                if backup.duckdb_version == duckdb.__version__:  # hashes of two versions need not agree
                    require_same(table_states(con), backup.tables, f"The restored backup {backup.name}")
                require_views_answer(con, f"The restored backup {backup.name}")
        if METADATA in backup.files:
            require_readable_dump(backup.folder / METADATA)
        unfinished = backup.folder / f".{TRIED}"
        unfinished.write_text(json.dumps({"tried_at": now().isoformat()}) + "\n", encoding="utf-8")
        make_durable(unfinished)
        unfinished.replace(backup.folder / TRIED)
        return backup
