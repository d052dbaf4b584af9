"""Room on the disk, asked for before the work begins: half a load or snapshot on a full disk helps nobody."""

from __future__ import annotations

import shutil
from pathlib import Path

from include.errors import CartonCapsError
from include.settings import Paths

#: What stays free beside what a step writes: DuckDB's log, its checkpoint, and the mails about it. Bytes.
RESERVE = 64 * 1024 * 1024

_UNITS = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


class DiskNearlyFullError(CartonCapsError):
    """There is not enough room for what a step is about to write; it has written nothing."""


def require_free(folder: Path, needed: int, what: str, paths: Paths) -> None:
    """Make sure that ``needed`` bytes for ``what``, and RESERVE, are free on the disk of ``folder``.

    Raises:
        DiskNearlyFullError: with what is needed, what is free, and what may be removed.
    """
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free >= needed + RESERVE:
        return
    raise DiskNearlyFullError(
        f"The disk of {folder} is nearly full: {what} wants {size(needed + RESERVE)}, {size(free)} are free. "
        "Nothing was written.\n" + "\n".join(_removable(paths)) + "\nMake room, then run again, or clear the task."
    )


def _removable(paths: Paths) -> list[str]:
    """What may go without loss, with its size; nothing that a build or a reader needs."""
    in_use = paths.current.resolve()
    old = sum(file.stat().st_size for file in paths.serving.glob("gold-*.duckdb") if file.resolve() != in_use)
    found = [
        (old, f"older snapshots: {paths.serving}/gold-*.duckdb except {in_use.name}"),
        (_size_of(paths.root / "airflow" / "logs"), f"logs of tasks: {paths.root / 'airflow' / 'logs'}"),
        (_size_of(paths.root / "dbt" / "logs"), f"logs of dbt: {paths.root / 'dbt' / 'logs'}"),
        (_size_of(paths.mail), f"mails that the local sink keeps: {paths.mail}"),
    ]
    lines = [f"  {size(taken)} {name}" for taken, name in sorted(found, reverse=True) if taken]
    return ["May be removed:", *lines] if lines else ["Nothing of ours may be removed: look at what else fills it."]


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def size(count: int) -> str:
    """A number of bytes as a person reads it."""
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count} bytes"
