"""Old landing days that were moved into ``archive/landing``: what each holds, so that nobody takes it for lost.

One zip file per day. Its members have the paths of the landing folder (``events/ds=2026-01-01/part-0.csv``, and the
day's ``_SUCCESS``), beside ``inventory.json`` with the size, SHA-256 and time of modification of each.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from include.contracts import TABLES
from include.ingest.errors import IngestError
from include.ingest.landing import day_of
from include.ingest.records import FileKey
from include.settings import Paths

INVENTORY = "inventory.json"
MARKS = "_SUCCESS"

_CHUNK = 1024 * 1024
_DAMAGES = (BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, TypeError)


@dataclass(frozen=True)
class Archived:
    """One archived file: its path inside the landing folder, and what it was when it was archived."""

    path: str
    bytes: int
    sha256: str
    modified_ns: int


@dataclass(frozen=True)
class Archive:
    """The archive of one data root. Days are looked up once; make a new one to see what has changed since."""

    paths: Paths
    _days: dict[date, frozenset[str]] = field(default_factory=dict)

    def file_of(self, ds: date) -> Path:
        """Where the day's archive is, or would be."""
        return self.paths.archive / f"ds={ds}.zip"

    def days(self) -> list[date]:
        """The archived days, in order."""
        return sorted(
            day for file in self.paths.archive.glob("ds=*.zip") if (day := day_of(file.with_suffix(""))) is not None
        )

    def inventory(self, ds: date) -> list[Archived]:
        """What the day's archive holds; empty when there is none.

        Raises:
            IngestError: the archive cannot be read, or names a path outside its day.
        """
        if not self.file_of(ds).exists():
            return []
        try:
            with ZipFile(self.file_of(ds)) as archive:
                entries = [Archived(**entry) for entry in json.loads(archive.read(INVENTORY))]
        except _DAMAGES as error:
            raise self._damaged(ds, error) from error
        for entry in entries:
            table, *rest = entry.path.split("/")
            if table not in (*TABLES, MARKS) or rest[:1] != [f"ds={ds}"] or len(rest) != 1 + (table != MARKS):
                raise self._damaged(ds, f"it names {entry.path!r}, which is no file of that day")
        return entries

    def holds(self, key: FileKey) -> bool:
        """Whether the file is in the archive of its day.

        True for any file of an archive that cannot be read: house-keeping reports that; a daily load must not stop.
        """
        table, ds, name = key
        if ds not in self._days:
            try:
                self._days[ds] = frozenset(entry.path for entry in self.inventory(ds))
            except IngestError:
                return True
        return f"{table}/ds={ds}/{name}" in self._days[ds]

    def content(self, ds: date, path: str, file: Path | None = None) -> Iterator[bytes]:
        """An archived file's content, piece by piece; out of ``file`` when the archive has not got its name yet.

        Raises:
            IngestError: it cannot be read.
        """
        try:
            with ZipFile(file or self.file_of(ds)) as archive, archive.open(path) as member:
                while chunk := member.read(_CHUNK):
                    yield chunk
        except _DAMAGES as error:
            raise self._damaged(ds, f"{path}: {error}") from error

    def require_known(self, start: date, end: date, known: Collection[FileKey]) -> None:
        """Raise IngestError when the warehouse has never seen an archived file of these days, with the way to it."""
        absent = [
            ds
            for ds in self.days()
            if start <= ds <= end and any(self._is_absent(ds, entry.path, known) for entry in self.inventory(ds))
        ]
        if absent:
            raise IngestError(
                f"{len(absent)} landing days are archived and not in this warehouse, the first {absent[0]}. "
                f"Bring them back, then run again: {restore_command(absent[0], absent[-1])}\nNothing was loaded."
            )

    def _is_absent(self, ds: date, path: str, known: Collection[FileKey]) -> bool:
        table, _, name = path.partition(f"/ds={ds}")
        return table != MARKS and (table, ds, name[1:]) not in known and not (self.paths.landing / path).exists()

    def _damaged(self, ds: date, reason: object) -> IngestError:
        return IngestError(
            f"The archive {self.file_of(ds)} is damaged: {reason}. Take it from a copy of the data folder; the rows of "
            "that day are in the warehouse and in its backups."
        )


def restore_command(start: date, end: date) -> str:
    """The command that brings archived days back into the landing folder."""
    return f"python -m include.pipeline archive restore --start {start} --end {end}"
