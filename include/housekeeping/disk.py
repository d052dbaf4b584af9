"""Room on the disk before something is written, and certainty that it is there afterwards."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from include.housekeeping.errors import HousekeepingError

#: Left free beyond what is written, in bytes: a disk that is full to the brim stops everything else.
RESERVE = 64 * 1024 * 1024


def require_free(folder: Path, needed: int, what: str) -> None:
    """Raise HousekeepingError when the disk of ``folder`` has no room for ``needed`` bytes and a reserve."""
    free = shutil.disk_usage(folder).free
    if free < needed + RESERVE:
        raise HousekeepingError(
            f"Not enough room for {what}: it takes {megabytes(needed)}, and {folder} has {megabytes(free)} free. "
            "Free some, or move the folder to a larger disk. Nothing was changed."
        )


def megabytes(size: int) -> str:
    """A size in bytes for a person."""
    return f"{size / 1_000_000:,.1f} MB"


def make_durable(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(file: Path) -> str:
    """The SHA-256 of a file's content in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
