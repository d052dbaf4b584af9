"""The stamp of the snapshot that readers see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from include.alerts.checks.snapshot import current_snapshot

if TYPE_CHECKING:
    from include.settings import Paths


@dataclass(frozen=True)
class Stamp:
    """Which build is published, and T: the data ends there."""

    build_id: str
    as_of: datetime

    @property
    def last_day(self) -> date:
        """The newest day of the data."""
        return (self.as_of - timedelta(days=1)).date()


def stamp(paths: Paths) -> Stamp:
    """The stamp of the current snapshot. Raises NothingPublishedError when there is none."""
    with current_snapshot(paths) as snapshot:
        return Stamp(*snapshot.execute("select build_id, as_of from ops.snapshot").fetchall()[0])
