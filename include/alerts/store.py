"""The file with state and queue of outgoing mail: SQLite, outside the warehouse, which one process may keep locked.

Several processes use it at once (tasks, callbacks, command lines, cron); what one of them commits survives its death.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from include.errors import CartonCapsError

if TYPE_CHECKING:
    from include.settings import Paths

#: Seconds to wait for another process; each keeps the file for moments only, never while it talks to a mail server.
WAIT_SECONDS = 30.0

_TABLES = Path(__file__).with_suffix(".sql")


class AlertStoreError(CartonCapsError):
    """The file with the alert state cannot be used."""


def store_file(paths: Paths) -> Path:
    """Where the state is."""
    return paths.alerts / "alerts.sqlite"


@contextmanager
def transaction(paths: Paths) -> Iterator[sqlite3.Connection]:
    """One writing transaction: all of the block is kept, or nothing when it raises. Makes the file when there is none.

    Raises AlertStoreError when the file is damaged, cannot be written, or another process does not let go of it.
    """
    file = store_file(paths)
    try:
        paths.alerts.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None)) as con:
            con.row_factory = sqlite3.Row
            con.execute("pragma foreign_keys = on")
            con.executescript(_TABLES.read_text(encoding="utf-8"))
            con.execute("begin immediate")
            try:
                yield con
            except BaseException:
                con.execute("rollback")
                raise
            con.execute("commit")
    except (sqlite3.DatabaseError, OSError) as error:
        raise AlertStoreError(
            f"The alert state {file} cannot be used: {error}. If it is damaged, move it away: a new one is made, "
            "and what is still wrong is mailed once more."
        ) from error


def utc_now() -> str:
    """The moment as the tables keep it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
