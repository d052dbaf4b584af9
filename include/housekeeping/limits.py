"""How long things are kept: ``limits.yaml``, typed and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from include.build import REPROCESSING_WINDOW
from include.housekeeping.errors import HousekeepingError

LIMITS_FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class OldFiles:
    """Files of ``pattern`` in a folder of the data root, which go when they were last written ``days`` ago."""

    below: str
    pattern: str
    days: int


@dataclass(frozen=True)
class GrowingLog:
    """A log of the data root that one process writes for ever; beyond ``megabytes`` its older half goes."""

    file: str
    megabytes: int


@dataclass(frozen=True)
class Limits:
    """Every limit; the reasons are in the file."""

    landing_days: int
    backups_kept: int
    backup_age_hours: int
    airflow_history_days: int
    sent_mails_days: int
    old_files: tuple[OldFiles, ...]
    growing_logs: tuple[GrowingLog, ...]


def load_limits(file: Path = LIMITS_FILE) -> Limits:
    """The limits of ``limits.yaml``.

    Raises:
        HousekeepingError: an entry is absent, is no positive whole number, has no reason, or would archive days that
            the daily run still reads.
    """
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        limits = Limits(
            **{
                name: _number(name, entries[name], "value")
                for name in (
                    "landing_days",
                    "backups_kept",
                    "backup_age_hours",
                    "airflow_history_days",
                    "sent_mails_days",
                )
            },
            old_files=tuple(
                OldFiles(entry["below"], entry["pattern"], _number(entry["below"], entry, "days"))
                for entry in entries["old_files"]
            ),
            growing_logs=tuple(
                GrowingLog(entry["file"], _number(entry["file"], entry, "megabytes"))
                for entry in entries["growing_logs"]
            ),
        )
    except (KeyError, TypeError) as error:
        raise HousekeepingError(f"{file} lacks {error}. Put it back; git has the file as it was.") from error
    if limits.landing_days <= REPROCESSING_WINDOW.days:
        raise HousekeepingError(
            f"landing_days in {file} is {limits.landing_days}: the daily run reads the last {REPROCESSING_WINDOW.days} "
            "landing days again. Choose more."
        )
    return limits


def _number(name: str, entry: dict[str, Any], field: str) -> int:
    number = entry[field]
    if type(number) is not int or number < 1:
        raise HousekeepingError(f"{field} of {name} in {LIMITS_FILE.name} is {number!r}: give a whole number above 0.")
    if not str(entry.get("reason") or "").strip():
        raise HousekeepingError(f"{name} in {LIMITS_FILE.name} has no reason. Say why it is kept that long.")
    return number
