"""The snapshot that readers see, opened for checks and mails, and its stamp: nothing here waits for the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from include.errors import CartonCapsError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from include.settings import Paths

# A reader that only needs one file: SQL may then neither open another nor change this.
LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
}


class NothingPublishedError(CartonCapsError):
    """There is no snapshot to look at."""


@dataclass(frozen=True)
class Stamp:
    """Which build is published, and T: the data ends there."""

    build_id: str
    as_of: datetime

    @property
    def last_day(self) -> date:
        """The newest day of the data."""
        return (self.as_of - timedelta(days=1)).date()


@contextmanager
def reading(paths: Paths) -> Iterator[DuckDBPyConnection]:
    """The current snapshot, opened so that SQL can neither change it nor open another file.

    Raises NothingPublishedError when nothing has been published.
    """
    import duckdb

    if not paths.current.exists():
        raise NothingPublishedError(
            f"There is no snapshot at {paths.current}. Publish one: python -m include.pipeline run --start D --end D."
        )
    with duckdb.connect(str(paths.current.resolve()), read_only=True, config=LOCKED_DOWN) as snapshot:
        yield snapshot


def newest_day(con: DuckDBPyConnection) -> date:
    """The last day that the snapshot knows: the day before T."""
    return (con.execute("select as_of from ops.snapshot").fetchall()[0][0] - timedelta(days=1)).date()


def stamp(paths: Paths) -> Stamp:
    """The stamp of the current snapshot. Raises NothingPublishedError when there is none."""
    with reading(paths) as snapshot:
        return Stamp(*snapshot.execute("select build_id, as_of from ops.snapshot").fetchall()[0])
