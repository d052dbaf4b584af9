"""The backups that are there, newest first. ``backup.json`` is written last: a folder without it is no backup."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from include.housekeeping.disk import megabytes, sha256
from include.housekeeping.errors import HousekeepingError
from include.housekeeping.tables import TableStates
from include.settings import Paths

DESCRIPTION = "backup.json"
TRIED = "tried.json"
#: The same name as the warehouse: views that name their database keep working.
DATABASE = "carton_caps.duckdb"
METADATA = "airflow.dump"
NEWEST = "newest"


@dataclass(frozen=True)
class Backup:
    """One backup.

    ``newest_day`` and ``newest_load`` are those of the warehouse when it was made (None and 0 when nothing was loaded);
    ``files`` maps each file's path inside the folder to its SHA-256.
    """

    folder: Path
    made_at: datetime
    data_root: str
    newest_day: date | None
    newest_load: int
    duckdb_version: str
    tables: TableStates
    files: dict[str, str]

    @property
    def name(self) -> str:
        """The folder's name: when the backup was begun, in UTC."""
        return self.folder.name

    @property
    def bytes(self) -> int:
        """Its size on the disk."""
        return sum((self.folder / path).stat().st_size for path in self.files)

    @property
    def tried_at(self) -> datetime | None:
        """When it was restored as a trial, or None."""
        try:
            return datetime.fromisoformat(json.loads((self.folder / TRIED).read_text())["tried_at"])
        except FileNotFoundError:
            return None

    @property
    def hours_old(self) -> float:
        """Hours since it was begun."""
        return (now() - self.made_at).total_seconds() / 3600

    def text(self) -> str:
        """The backup in one line, for a person."""
        tried = "restored as a trial" if self.tried_at else "not tried yet"
        airflow = "with" if METADATA in self.files else "without"
        return (
            f"{self.name}: landing days up to {self.newest_day}, {megabytes(self.bytes)}, "
            f"{airflow} Airflow's database, {tried}"
        )

    def description(self) -> dict[str, Any]:
        """What ``backup.json`` says."""
        return {
            "made_at": self.made_at.isoformat(),
            "data_root": self.data_root,
            "newest_day": self.newest_day and self.newest_day.isoformat(),
            "newest_load": self.newest_load,
            "duckdb_version": self.duckdb_version,
            "tables": self.tables,
            "files": self.files,
        }

    def require_intact(self) -> None:
        """Raise HousekeepingError naming the files that are not what was backed up."""
        spoilt = [
            path
            for path, digest in self.files.items()
            if not (self.folder / path).is_file() or sha256(self.folder / path) != digest
        ]
        if spoilt:
            raise HousekeepingError(
                f"The backup {self.folder} is damaged: {', '.join(spoilt)} is not what was written. "
                "Take another one: `python -m include.pipeline restore` lists them."
            )


def read_backup(folder: Path) -> Backup:
    """The backup in a folder. Raises HousekeepingError when there is none."""
    try:
        told = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        return Backup(
            folder=folder,
            made_at=datetime.fromisoformat(told["made_at"]),
            data_root=told["data_root"],
            newest_day=date.fromisoformat(told["newest_day"]) if told["newest_day"] else None,
            newest_load=told["newest_load"],
            duckdb_version=told["duckdb_version"],
            tables={name: (rows, digest) for name, (rows, digest) in told["tables"].items()},
            files=told["files"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HousekeepingError(f"{folder} holds no backup that can be read: {error}.") from error


def backups(paths: Paths) -> list[Backup]:
    """Every finished backup, the newest first."""
    folders = sorted((file.parent for file in paths.backup.glob(f"[!.]*/{DESCRIPTION}")), reverse=True)
    return [read_backup(folder) for folder in folders]


def find_backup(name: str, paths: Paths) -> Backup:
    """The backup of that name, in that folder, or the ``newest``. Raises HousekeepingError with the ones there are."""
    there = backups(paths)
    if name == NEWEST and there:
        return there[0]
    if name != NEWEST:
        for folder in (paths.backup / name, Path(name)):
            if (folder / DESCRIPTION).exists():
                return read_backup(folder.resolve())
    known = ", ".join(backup.name for backup in there) or "none; make one: python -m include.pipeline backup"
    raise HousekeepingError(f"There is no backup {name!r} in {paths.backup}. There are: {known}")


def now() -> datetime:
    """This moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
