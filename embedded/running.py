"""Whether the servers of a data root are running: a lock that dies with its holder, a process id, a mark once live."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from embedded.places import Places
from include.errors import CartonCapsError


class RunsAlreadyError(CartonCapsError):
    """The servers of this data root are running."""


def live_mark(places: Places) -> Path:
    """Exists while every server answers."""
    return places.run / "live"


def running_pid(places: Places) -> int | None:
    """The process that holds the servers of this data root, or None when they do not run.

    The answer is the lock's, not the file's: the kernel takes the lock from a process however it dies.
    """
    if not _lock_file(places).exists():
        return None
    lock = FileLock(_lock_file(places))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return int(_pid_file(places).read_text() or 0) if _pid_file(places).exists() else 0
    lock.release()
    return None


def refuse_if_running(places: Places) -> None:
    """Raise RunsAlreadyError, naming the process and how to end it, when the servers run."""
    pid = running_pid(places)
    if pid is not None:
        raise RunsAlreadyError(
            f"The servers for {places.paths.root} run already (process {pid or 'unknown'}). "
            "Use them, or end them with `make stop`. A second set needs another CARTON_DATA_DIR and other ports."
        )


@contextmanager
def held(places: Places) -> Iterator[None]:
    """Be the one process that runs the servers of this data root. Raises RunsAlreadyError when there is one."""
    places.run.mkdir(parents=True, exist_ok=True)
    lock = FileLock(_lock_file(places))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        refuse_if_running(places)
        lock.acquire(timeout=5)  # it ended between the two questions
    try:
        _pid_file(places).write_text(str(os.getpid()))
        live_mark(places).unlink(missing_ok=True)
        yield
    finally:
        live_mark(places).unlink(missing_ok=True)
        _pid_file(places).unlink(missing_ok=True)
        lock.release()


def _lock_file(places: Places) -> Path:
    return places.run / "up.lock"


def _pid_file(places: Places) -> Path:
    return places.run / "up.pid"
