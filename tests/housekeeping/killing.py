"""A real kill -9 at every single step: a process that ends itself at the n-th thing it does to the file system."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

#: Python's own audit events for whatever opens, writes, renames, links or removes a file.
FILE_EVENTS = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.chmod", "os.utime", "shutil.")

# Started from a clean process: a copy of this one would inherit threads of DuckDB and Arrow.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.housekeeping.killing", "tests.housekeeping.steps"])


def _run(step: Callable[..., object], arguments: tuple[Any, ...], killed_at: int) -> None:
    seen = count(1)

    def watch(event: str, _: tuple[Any, ...]) -> None:
        if event.startswith(FILE_EVENTS) and next(seen) == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    step(*arguments)


def killed_at_each_step(step: Callable[..., object], *arguments: Any, every: int = 1) -> Iterator[int]:
    """Run ``step`` in a process of its own that is killed at its 1st, 2nd, ... file event, until one run gets through.

    Yields the number of the event after each kill: put things back as they were before the next one if that matters.
    """
    for killed_at in count(1, every):
        process = _processes.Process(target=_run, args=(step, arguments, killed_at))
        process.start()
        process.join()
        if process.exitcode == 0:
            return
        assert process.exitcode == -signal.SIGKILL, f"the step failed by itself at event {killed_at}"
        yield killed_at
