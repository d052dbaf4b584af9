"""Archived landing days back into the landing folder. The archive stays as it is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from include.housekeeping.disk import make_durable, megabytes, require_free, sha256
from include.housekeeping.errors import HousekeepingError
from include.ingest.archive import MARKS, Archive, Archived
from include.settings import Paths


@dataclass
class RestoreReport:
    """What came back; ``newer`` are files of which the landing folder has another version, which stays."""

    days: list[date] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    newer: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The report for a person."""
        lines = [
            f"Brought back {len(self.days)} landing days, {self.days[0]} .. {self.days[-1]}: "
            f"{self.files} files, {megabytes(self.bytes)}. Once they are loaded, the next house-keeping archives them "
            "again."
        ]
        lines += [
            f"! {path} lies in the landing folder in another version; it was left as it is." for path in self.newer
        ]
        return "\n".join(lines)


def restore_landing(start: date, end: date, paths: Paths) -> RestoreReport:
    """Bring the archived days ``start`` .. ``end`` back. Killed at any moment it can be run again.

    Raises:
        HousekeepingError: no day of the range is archived, or there is no room on the disk.
        IngestError: an archive is damaged; what came back before it is whole.
    """
    archive = Archive(paths)
    days = [ds for ds in archive.days() if start <= ds <= end]
    if not days:
        raise HousekeepingError(
            f"No landing day of {start} .. {end} is archived: {paths.archive} holds "
            + (f"{archive.days()[0]} .. {archive.days()[-1]}." if archive.days() else "nothing.")
        )
    inventories = {ds: archive.inventory(ds) for ds in days}
    paths.landing.mkdir(parents=True, exist_ok=True)
    require_free(
        paths.landing, sum(entry.bytes for entries in inventories.values() for entry in entries), "the landing files"
    )
    report = RestoreReport(days)
    for ds, entries in inventories.items():
        # the mark last: a day is complete when all of it is there
        for entry in sorted(entries, key=lambda entry: entry.path.startswith(MARKS)):
            target = paths.landing / entry.path
            if not target.exists():
                _bring_back(archive, ds, entry, target)
                report.files += 1
                report.bytes += entry.bytes
            elif sha256(target) != entry.sha256:
                report.newer.append(entry.path)
    return report


def _bring_back(archive: Archive, ds: date, entry: Archived, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.part")
    with unfinished.open("wb") as written:
        for chunk in archive.content(ds, entry.path):
            written.write(chunk)
    if sha256(unfinished) != entry.sha256:
        raise HousekeepingError(f"{entry.path} in {archive.file_of(ds)} is not what was archived. Take a copy of it.")
    # with its old time, a load sees without reading it that it is the file it knows
    os.utime(unfinished, ns=(entry.modified_ns, entry.modified_ns))
    make_durable(unfinished)
    unfinished.replace(target)
    make_durable(target.parent)
