"""Old landing days into the archive. Killed at any moment, every file is in the landing folder or in the archive.

The day's ``_SUCCESS`` stays where it is: the day has landed, and no source has to deliver it again.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from include.housekeeping.disk import make_durable, megabytes, require_free
from include.housekeeping.errors import HousekeepingError
from include.housekeeping.limits import Limits
from include.ingest.archive import INVENTORY, MARKS, Archive, Archived
from include.ingest.days import stretches
from include.ingest.landing import Measured, complete_days, files_of_day, measure, success_file
from include.ingest.records import FileKey, FileRecord, known_files
from include.settings import Paths
from include.warehouse import connect

_CHUNK = 1024 * 1024
_COMPRESSED = (".gz", ".parquet")


@dataclass
class ArchiveReport:
    """What one run archived; ``left`` says by day why it stays in the landing folder."""

    days: list[date] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    left: dict[date, str] = field(default_factory=dict)

    def text(self) -> str:
        """The report for a person."""
        lines = [f"Archived {len(self.days)} landing days: {self.files} files, {megabytes(self.bytes)}."]
        lines += [
            f"  {first} .. {last} ({(last - first).days + 1} days)" for first, last in stretches(sorted(self.days))
        ]
        lines += [f"! {ds} stays in the landing folder: {why}." for ds, why in sorted(self.left.items())]
        return "\n".join(lines)


def archive_landing(paths: Paths, limits: Limits) -> ArchiveReport:
    """Archive the landing days that lie ``limits.landing_days`` and more before the newest loaded one.

    A day is archived only when every file of it is loaded as it lies there. Holds the warehouse, so that no load reads
    a day while its files move.

    Raises:
        HousekeepingError: no room on the disk, or what was written does not read back as what was there.
        IngestError: an archive cannot be read; the days that could be archived are.
        WarehouseError: another process holds the warehouse.
    """
    report = ArchiveReport()
    with connect(paths) as con:
        loaded = {ds for (ds,) in con.execute("select ds from ops.landing_days").fetchall()}
        known = known_files(con)
        for ds in complete_days(paths.landing):
            if not loaded or ds > max(loaded) - timedelta(days=limits.landing_days):
                break
            files = [measure(file) for file in files_of_day(paths.landing, ds)]
            if why := _why_not(ds in loaded, files, known):
                report.left[ds] = why
            elif files:
                _archive_day(paths, ds, files)
                report.days.append(ds)
                report.files += len(files)
                report.bytes += sum(item.bytes for item in files)
    _require_readable(Archive(paths))
    return report


def _require_readable(archive: Archive) -> None:
    """A damaged archive does not stop a load, so it must be said here."""
    for ds in archive.days():
        archive.inventory(ds)


def _why_not(is_loaded: bool, files: list[Measured], known: dict[FileKey, FileRecord]) -> str:
    if not is_loaded:
        return "it is not loaded"
    for item in files:
        record = known.get(item.file.key)
        if record is None or record.sha256 != item.sha256:
            return f"{item.file.label} is not loaded as it lies there"
        if record.state != "loaded":
            return f"{item.file.label} was refused"
    return ""


def _archive_day(paths: Paths, ds: date, files: list[Measured]) -> None:
    """Write, verify, make durable, and only then remove: the order is what keeps a file from being lost."""
    archive = Archive(paths)
    there = {entry.path: entry for entry in archive.inventory(ds)}
    if any(_kept_as(there, item) is None for item in files):
        require_free(_made(paths.archive), 2 * sum(item.bytes for item in files), f"the archive of landing day {ds}")
        unfinished = paths.archive / f".ds={ds}.zip.part"
        entries = _write(unfinished, paths, ds, files, archive, there)
        _verify(archive, ds, entries, unfinished)
        make_durable(unfinished)
        unfinished.replace(archive.file_of(ds))
        make_durable(paths.archive)
    else:
        _verify(archive, ds, list(there.values()))
    # A day of which only the simulator's base files (base-0) are left would count as not delivered: they go first.
    for item in sorted(files, key=lambda item: item.file.name):
        status = item.file.path.stat()
        if (status.st_size, status.st_mtime_ns) == (item.bytes, item.modified_ns):
            item.file.path.unlink()
    for folder in {item.file.path.parent for item in files}:
        with suppress(OSError):  # something else lies in it
            folder.rmdir()


def _write(
    target: Path, paths: Paths, ds: date, files: list[Measured], archive: Archive, there: dict[str, Archived]
) -> list[Archived]:
    """Fill the zip file; a day that was archived before keeps what did not come again. Returns its inventory."""
    mark = success_file(paths.landing, ds)
    entries = [Archived(item.file.label, item.bytes, item.sha256, item.modified_ns) for item in files]
    text = mark.read_bytes()
    marked = f"{MARKS}/{mark.name}"
    entries.append(Archived(marked, len(text), hashlib.sha256(text).hexdigest(), mark.stat().st_mtime_ns))
    kept = [entry for path, entry in there.items() if path not in {entry.path for entry in entries}]
    with ZipFile(target, "w", ZIP_DEFLATED) as written:
        for entry in entries:
            with (paths.landing / entry.path).open("rb") as source:
                _copy(source, written, entry.path)
        if kept:
            with ZipFile(archive.file_of(ds)) as before:
                for entry in kept:
                    with before.open(entry.path) as source:
                        _copy(source, written, entry.path)
        entries += kept
        written.writestr(INVENTORY, json.dumps([asdict(entry) for entry in entries], indent=1))
    return entries


def _copy(source: IO[bytes], written: ZipFile, path: str) -> None:
    written.compression = ZIP_STORED if path.endswith(_COMPRESSED) else ZIP_DEFLATED
    with written.open(path, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)


def _verify(archive: Archive, ds: date, entries: list[Archived], file: Path | None = None) -> None:
    for entry in entries:
        digest = hashlib.sha256()
        for chunk in archive.content(ds, entry.path, file):
            digest.update(chunk)
        if digest.hexdigest() != entry.sha256:
            raise HousekeepingError(
                f"{entry.path} does not read back from the archive of {ds} as it was. Its file changed meanwhile, or "
                "the disk is failing. Nothing of that day was removed; run again."
            )


def _kept_as(there: dict[str, Archived], item: Measured) -> Archived | None:
    entry = there.get(item.file.label)
    return entry if entry and entry.sha256 == item.sha256 else None


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
