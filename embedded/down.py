"""``python -m embedded.down``: end the servers of this data root, and whatever a killed start left behind."""

from __future__ import annotations

import sys
import time

import psutil

from embedded.places import Places
from embedded.processes import end, forget_sessions, left_over
from embedded.running import running_pid
from include.settings import data_dir

WAIT_SECONDS = 60


def main() -> int:
    """The exit code: 0 when nothing of this data root runs any more, else 1 with the processes that would not end."""
    places = Places(data_dir())
    pid = running_pid(places)
    if pid is None and not left_over(places):
        print(f"Nothing runs for {places.paths.root}.")
        return 0
    if pid:
        print(f"Stopping process {pid} and its servers", flush=True)
        _ask_to_stop(pid)
        deadline = time.monotonic() + WAIT_SECONDS
        while running_pid(places) is not None and time.monotonic() < deadline:
            time.sleep(0.2)
    if strays := left_over(places):
        print(f"Ending {len(strays)} processes that were left behind", flush=True)
        end(strays)
    if strays := left_over(places):
        print(f"These processes do not end: {', '.join(str(process.pid) for process in strays)}", file=sys.stderr)
        return 1
    forget_sessions(places)
    print("Stopped; the data stay.")
    return 0


def _ask_to_stop(pid: int) -> None:
    try:
        psutil.Process(pid).terminate()
    except psutil.NoSuchProcess:
        return


if __name__ == "__main__":
    sys.exit(main())
