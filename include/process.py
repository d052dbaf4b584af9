"""A process that holds the warehouse must not outlive the one that watches over it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, however that happens.

    A task whose supervisor was killed would run on, unseen, and keep DuckDB's lock. Linux only; elsewhere it does
    nothing, and a left-over process is named by the error of the next one that wants the warehouse.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died between the two lines
        os.kill(os.getpid(), signal.SIGKILL)
