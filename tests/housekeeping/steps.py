"""What the tests let be killed: functions that a process of its own can be asked to run."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

from include.housekeeping.archive_landing import archive_landing
from include.housekeeping.archive_restore import restore_landing
from include.housekeeping.back_up import back_up
from include.housekeeping.backups import find_backup
from include.housekeeping.limits import Limits, load_limits
from include.housekeeping.restore import restore
from include.settings import Paths

#: As in the file, but landing days are archived when they are 8 days behind.
LIMITS: Limits = dataclasses.replace(load_limits(), landing_days=8, backups_kept=2)


def archive(root: Path) -> None:
    archive_landing(Paths(root), LIMITS)


def bring_back(root: Path, start: date, end: date) -> None:
    restore_landing(start, end, Paths(root))


def make_backup(root: Path) -> None:
    back_up(Paths(root), LIMITS)


def restore_backup(root: Path, name: str) -> None:
    restore(find_backup(name, Paths(root)), Paths(root), force=True)
