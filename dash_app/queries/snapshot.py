"""Reading the serving snapshot: open what the link names, notice a swap, keep the last good one.

A reader never waits for the writer: a published file does not change, and a newer one has another name.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from cachetools import LRUCache, cached

from include.settings import data_dir

log = logging.getLogger(__name__)

Params = Mapping[str, Any]

#: A query that takes longer is stopped: what needs so long belongs into gold.
QUERY_SECONDS = 20.0
#: What a DuckDB file has before its blocks.
HEADER_BYTES = 3 * 4096
CACHE_BYTES = 32 * 1024 * 1024

#: `read_only` alone still lets SQL read and write other files. Without a temporary directory nothing is ever written.
LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "temp_directory": "",
    "memory_limit": "512MB",
    "threads": 2,
    "lock_configuration": True,
}


class NoSnapshot(Exception):  # noqa: N818 - a state of the world, not a fault
    """Nothing has been published yet, or nothing that can be opened."""


class QueryTookTooLong(Exception):  # noqa: N818 - the message says what to do
    """A query was stopped after ``QUERY_SECONDS``, or because it needed more memory than it may have."""


class Snapshot:
    """One published, immutable file. All numbers of a page come from one of these, so they belong together."""

    def __init__(self, file: Path) -> None:
        """Open ``file`` locked down.

        Raises:
            NoSnapshot: the file is missing, cut short, or not a snapshot of ours.
        """
        self.file = file
        try:
            self._con = duckdb.connect(str(file), read_only=True, config=LOCKED_DOWN)
            self._check_complete()
            self.stamp: dict[str, Any] = self._stamp()
        except (duckdb.Error, OSError) as error:
            raise NoSnapshot(f"{file.name} cannot be opened: {str(error).splitlines()[0]}") from error

    def _check_complete(self) -> None:
        """A file cut short behind its metadata still opens; the number of its blocks gives it away."""
        size = self._con.execute(
            "select block_size * total_blocks + ? from pragma_database_size()", [HEADER_BYTES]
        ).fetchone()
        if size is None or self.file.stat().st_size < size[0]:
            raise OSError(f"the file has been cut short, it should have {size[0] if size else 'some'} bytes")

    def _stamp(self) -> dict[str, Any]:
        cursor = self._con.execute("select * from ops.snapshot")
        row = cursor.fetchone()
        if row is None or cursor.description is None:
            raise OSError("ops.snapshot is empty")
        return dict(zip((column[0] for column in cursor.description), row, strict=True))

    @property
    def build_id(self) -> str:
        """The build whose gold this is."""
        return str(self.stamp["build_id"])

    @cached_property
    def columns(self) -> frozenset[str]:
        """All there is, as ``schema.table`` and ``schema.table.column``: later builds have more than early ones."""
        rows = self._con.cursor().execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns()"
            " where database_name = current_database() and schema_name in ('gold', 'ops')"
        )
        return frozenset(name for table, column in rows.fetchall() for name in (table, f"{table}.{column}"))

    def has(self, *names: str) -> bool:
        """Whether every ``schema.table`` or ``schema.table.column`` is in this snapshot."""
        return self.columns.issuperset(names)

    def read(self, sql: str, params: Params | None = None) -> pd.DataFrame:
        """The rows of a query, cached by file, text and parameters. Parameters are bound: ``$name`` in the SQL.

        Raises:
            QueryTookTooLong: after ``QUERY_SECONDS``, or beyond the memory of ``LOCKED_DOWN``.
        """
        return _cached_rows(self, sql, params or {}).copy()

    def _rows(self, sql: str, params: Params) -> pd.DataFrame:
        cursor = self._con.cursor()  # a connection of its own: threads may not share one
        timer = threading.Timer(QUERY_SECONDS, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            return cursor.execute(sql, dict(params)).df()
        except duckdb.InterruptException as error:
            raise QueryTookTooLong(
                f"A query was stopped after {QUERY_SECONDS:g} s. Choose a shorter period, or try again in a moment."
            ) from error
        except duckdb.OutOfMemoryException as error:
            raise QueryTookTooLong(
                f"A query was stopped because it needs more than {LOCKED_DOWN['memory_limit']} of memory. Choose a "
                "shorter period or a narrower filter."
            ) from error
        finally:
            timer.cancel()
            cursor.close()


def _key(snapshot: Snapshot, sql: str, params: Params) -> tuple[Any, ...]:
    return (str(snapshot.file), sql, *sorted(params.items()))


@cached(
    LRUCache(CACHE_BYTES, getsizeof=lambda frame: int(frame.memory_usage(deep=True).sum()) + 256),
    key=_key,
    condition=threading.Condition(),  # twenty people with the same question ask DuckDB once
    info=True,
)
def _cached_rows(snapshot: Snapshot, sql: str, params: Params) -> pd.DataFrame:
    return snapshot._rows(sql, params)


def cache_info() -> Any:
    """Hits, misses and bytes held by the query cache of this process."""
    return _cached_rows.cache_info()


class SnapshotReader:
    """Follows one link; every call of ``current`` resolves it, which takes microseconds."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._open: Snapshot | None = None
        self._refused: tuple[Path, int] | None = None
        self.trouble: str | None = None
        """Why the newest snapshot is not the one shown, in words for the page; None when it is."""

    def current(self) -> Snapshot:
        """The newest snapshot that can be opened. An older one stays usable for whoever still holds it.

        Raises:
            NoSnapshot: nothing is published, or the first one published cannot be opened.
        """
        target = self._link.resolve()
        held = self._open
        if held is not None and held.file == target:
            self.trouble = None
            return held
        with self._lock:
            return self._follow(target)

    def _follow(self, target: Path) -> Snapshot:
        if self._open is not None and self._open.file == target:
            return self._open
        try:
            # A damaged file is not tried again on every click; a file that was written anew is.
            identity = (target, target.stat().st_mtime_ns)
            if identity == self._refused:
                return self._kept(self.trouble or f"{target.name} cannot be opened")
            self._refused = identity
            self._open = Snapshot(target)
            self._refused = self.trouble = None
        except FileNotFoundError:
            return self._kept(f"{target.name} is missing")
        except NoSnapshot as error:
            log.warning("Snapshot refused: %s", error)
            return self._kept(str(error))
        return self._open

    def _kept(self, trouble: str) -> Snapshot:
        self.trouble = trouble
        if self._open is None:
            raise NoSnapshot(trouble)
        return self._open


_readers: dict[tuple[int, Path], SnapshotReader] = {}
_readers_lock = threading.Lock()


def reader() -> SnapshotReader:
    """The reader of ``$CARTON_DATA_DIR/serving/current.duckdb`` of this process.

    Keyed by process: a connection made before a fork has lost its threads in the child.
    """
    key = (os.getpid(), data_dir().current)
    if key not in _readers:
        with _readers_lock:
            _readers.setdefault(key, SnapshotReader(key[1]))
    return _readers[key]


def current() -> Snapshot:
    """The newest snapshot. See ``SnapshotReader.current``.

    Raises:
        NoSnapshot: nothing is published yet.
    """
    return reader().current()
