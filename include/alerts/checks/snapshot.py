"""Opening the published snapshot for a check: read-only, so that no check ever waits for the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING

from include.alerts.volume import LOCKED_DOWN, NothingPublishedError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from include.settings import Paths

#: Days of history beside a finding, for the small picture.
HISTORY_DAYS = 42


@contextmanager
def current_snapshot(paths: Paths) -> Iterator[DuckDBPyConnection]:
    """The current snapshot; raises NothingPublishedError when there is none."""
    import duckdb

    if not paths.current.exists():
        raise NothingPublishedError(
            f"There is no snapshot at {paths.current}. Publish one: python -m include.pipeline run --start D --end D."
        )
    with duckdb.connect(str(paths.current.resolve()), read_only=True, config=LOCKED_DOWN) as con:
        yield con


def newest_day(con: DuckDBPyConnection) -> date:
    """The last day that the snapshot knows: the day before T."""
    return (con.execute("select as_of from ops.snapshot").fetchall()[0][0] - timedelta(days=1)).date()
