"""The landing zone: which days are complete, which files they hold, and whether the files fit the day's manifest."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from include.contracts import TABLES
from include.contracts.seal import seal_of
from include.ingest.errors import IngestError

SUFFIXES = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True)
class LandingFile:
    """One delivered file. ``name`` is bare: files of one table and day are told apart, and ordered, by it."""

    table: str
    ds: date
    path: Path

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @property
    def key(self) -> tuple[str, date, str]:
        """What identifies the file in the records of the warehouse."""
        return self.table, self.ds, self.name

    @property
    def label(self) -> str:
        """The file as messages name it: its path inside the landing folder."""
        return f"{self.table}/ds={self.ds}/{self.name}"


@dataclass(frozen=True)
class Measured:
    """A landing file with its size in bytes, the SHA-256 of its content in hex, and when it was modified."""

    file: LandingFile
    bytes: int
    sha256: str
    modified_ns: int


def success_file(landing: Path, ds: date) -> Path:
    """The file that says that day ``ds`` is complete, and may hold its manifest."""
    return landing / "_SUCCESS" / f"ds={ds}"


def complete_days(landing: Path) -> list[date]:
    """Days whose ``_SUCCESS`` file exists, in order."""
    return sorted(day for path in (landing / "_SUCCESS").glob("ds=*") if (day := day_of(path)) is not None)


def files_of_day(landing: Path, ds: date) -> list[LandingFile]:
    """The day's files of all contract tables, by table and then by name in byte order."""
    return [
        LandingFile(table, ds, path)
        for table in TABLES
        for path in sorted((landing / table / f"ds={ds}").glob("*"), key=lambda path: path.name.encode())
        if is_landing_file(path)
    ]


def strays_of_day(landing: Path, ds: date) -> list[str]:
    """What lies in the day's folders and is no landing file of a known table; hidden files are left out."""
    return sorted(
        f"{path.parent.parent.name}/ds={ds}/{path.name}"
        for path in landing.glob(f"*/ds={ds}/*")
        if not path.name.startswith(".") and (path.parent.parent.name not in TABLES or not is_landing_file(path))
    )


def is_landing_file(path: Path) -> bool:
    """A visible file whose name ends as the contract of the landing zone says."""
    return not path.name.startswith(".") and path.name.lower().endswith(SUFFIXES) and path.is_file()


def measure(file: LandingFile) -> Measured:
    """Size and checksum of a file. Raises IngestError when it cannot be read."""
    try:
        with file.path.open("rb") as stream:
            modified_ns = os.fstat(stream.fileno()).st_mtime_ns
            digest = hashlib.file_digest(stream, "sha256")
            return Measured(file, stream.tell(), digest.hexdigest(), modified_ns)
    except OSError as error:
        raise IngestError(
            f"{file.label} cannot be read: {error.strerror}. Mend its permissions, then run again."
        ) from error


def manifest(landing: Path, ds: date) -> dict[tuple[str, date, str], dict[str, Any]] | None:
    """The day's manifest by table, day and file name; None when its ``_SUCCESS`` is empty.

    Raises:
        IngestError: it is not JSON of the agreed shape, or names files of another day.
    """
    text = success_file(landing, ds).read_bytes()
    if not text.strip():
        return None
    where = f"The manifest landing/_SUCCESS/ds={ds}"
    advice = "Let the source write it again, or leave it empty to load the day unverified."
    try:
        entries = {PurePosixPath(entry["path"]).parts[-3:]: entry for entry in json.loads(text)["files"]}
    except (ValueError, KeyError, TypeError) as error:
        raise IngestError(
            f'{where} is not JSON of the form {{"files": [{{"path", "rows", "bytes", "sha256"}}]}}. {advice}'
        ) from error
    listed = {}
    for parts, entry in entries.items():
        if len(parts) != 3 or parts[1] != f"ds={ds}":
            raise IngestError(f"{where} names {entry['path']!r}, which is no file of that day. {advice}")
        for name in ("rows", "bytes"):
            if type(entry.get(name, 0)) is not int:
                raise IngestError(
                    f"{where} gives {entry['path']!r} {entry[name]!r} {name}, which is no number. {advice}"
                )
        listed[parts[0], ds, parts[2]] = entry
    return listed


def misfits(
    landing: Path,
    listed: dict[tuple[str, date, str], dict[str, Any]],
    found: list[Measured],
    known: dict[tuple[str, date, str], str],
) -> list[str]:
    """How a day's files differ from its manifest: one line each, empty when they fit. Row counts are for the loader.

    ``known`` holds the SHA-256 of files that were loaded before: such a file may have gone since. A sealed file
    need not be listed.
    """
    problems = []
    present = {measured.file.key: measured for measured in found}
    for key, entry in sorted(listed.items()):
        label = f"{key[0]}/ds={key[1]}/{key[2]}"
        measured = present.get(key)
        if measured is None:
            if not (landing / label).exists():
                if known.get(key) != entry.get("sha256"):
                    problems.append(f"{label} is in the manifest but missing")
            elif key[0] in TABLES:
                problems.append(
                    f"{label} is in the manifest but would not be read: names end in {', '.join(SUFFIXES)}"
                    " and do not begin with a dot"
                )
        elif "bytes" in entry and measured.bytes != entry["bytes"]:
            problems.append(
                f"{label} has {measured.bytes} bytes, the manifest says {entry['bytes']}: cut short or altered"
            )
        elif "sha256" in entry and measured.sha256 != str(entry["sha256"]).lower():
            problems.append(f"{label} has another sha256 than the manifest says: altered")
    problems += [
        f"{measured.file.label} is present but not listed"
        for key, measured in present.items()
        if key not in listed and seal_of(measured.file.table, measured.file.name) is None
    ]
    return problems


def day_of(path: Path) -> date | None:
    """The day of a path whose last part is ``ds=YYYY-MM-DD``; None for any other."""
    written = path.name.removeprefix("ds=")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if str(day) == written else None
