"""Files that were last written long ago removed, logs without an end shortened, old mails emptied."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from include.alerts.outbox import empty_sent
from include.housekeeping.disk import megabytes
from include.housekeeping.limits import Limits
from include.settings import Paths

#: Airflow's logs lie here below the data root, or where Airflow was told to put them.
AIRFLOW_LOGS = "airflow/logs"

_HOUR_SECONDS = 3600


@dataclass
class Removed:
    """How many files went in each place, their bytes, the logs that were shortened, the mails that lost their text."""

    files: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    shortened: list[str] = field(default_factory=list)
    emptied_mails: int = 0

    def text(self) -> str:
        """The report for a person."""
        lines = [f"Removed {sum(self.files.values())} old files, {megabytes(self.bytes)}."]
        lines += [f"  {place}: {count}" for place, count in self.files.items() if count]
        lines += [f"  {log} was shortened to its newest half" for log in self.shortened]
        lines += [f"  {self.emptied_mails} old mails keep their subject only"] if self.emptied_mails else []
        return "\n".join(lines)


def remove_old_files(paths: Paths, limits: Limits) -> Removed:
    """Apply ``limits.old_files``, ``growing_logs`` and ``sent_mails_days``.

    Links, files that are still written to and mails that wait stay.
    """
    removed = Removed()
    for kind in limits.old_files:
        folder = _airflow_logs(paths) if kind.below == AIRFLOW_LOGS else paths.root / kind.below
        oldest = time.time() - kind.days * 24 * _HOUR_SECONDS
        gone = [_remove_if_older(file, oldest) for file in folder.glob(kind.pattern)]
        removed.files[kind.below] = removed.files.get(kind.below, 0) + sum(size is not None for size in gone)
        removed.bytes += sum(size or 0 for size in gone)
        _remove_empty_folders(folder)
    for log in limits.growing_logs:
        if _shorten(paths.root / log.file, log.megabytes * 1_000_000):
            removed.shortened.append(log.file)
    removed.emptied_mails = empty_sent(paths, limits.sent_mails_days)
    return removed


def _airflow_logs(paths: Paths) -> Path:
    return Path(os.environ.get("AIRFLOW__LOGGING__BASE_LOG_FOLDER") or paths.root / AIRFLOW_LOGS)


def _remove_if_older(file: Path, oldest: float) -> int | None:
    """The size of what was removed, or None."""
    with suppress(FileNotFoundError):  # another process was quicker
        if file.is_symlink() or not file.is_file():
            return None
        status = file.stat()
        if status.st_mtime < oldest:
            file.unlink()
            return status.st_size
    return None


def _remove_empty_folders(folder: Path) -> None:
    """Below ``folder``, the innermost first; a folder that fills meanwhile stays."""
    for place in sorted((path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink()), reverse=True):
        with suppress(OSError):
            if time.time() - place.stat().st_mtime > _HOUR_SECONDS:  # a task that starts makes its folder first
                place.rmdir()


def _shorten(log: Path, most: int) -> bool:
    """Keep the newest half of ``most`` bytes in the same file: its writer has it open, and appends.

    Lines written during the copy are lost, as with every log that is cut while it is written.
    """
    if not log.is_file() or log.stat().st_size <= most:
        return False
    kept = log.with_name(f".{log.name}.newest")
    with log.open("rb") as source, kept.open("wb") as copy:
        source.seek(-most // 2, os.SEEK_END)
        source.readline()  # the rest of a line
        shutil.copyfileobj(source, copy)
    with kept.open("rb") as source, log.open("ab") as target:
        target.truncate(0)
        shutil.copyfileobj(source, target)
    kept.unlink()
    return True
