"""The Procfile's processes under one supervisor, and the question whether they all answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import honcho.manager
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from deploy.health import airflow_troubles, dash_troubles
from embedded.places import HOST, Ports
from include.settings import PROJECT_ROOT

PROCFILE = PROJECT_ROOT / "Procfile"

# Airflow's scheduler waits for its running tasks before it goes; honcho's own 5 s would cut PostgreSQL's clients short.
honcho.manager.KILL_WAIT = 15


def supervise(
    env: dict[str, str], log: Path, only: tuple[str, ...] = (), when_started: Callable[[], None] | None = None
) -> int:
    """Run the Procfile's processes until one ends or a signal comes, then end all; the exit code of who ended first.

    Their output goes to ``log``, each line with time and name. ``only`` names a part of them. ``when_started`` runs
    in a thread beside them. Must be called in the main thread: it takes over SIGINT and SIGTERM.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))
    # appended to, so that house-keeping may shorten it while it is written
    with log.open("a", buffering=1) as output:
        manager = Manager(Printer(output, colour=False))
        for name, command in parse_procfile(PROCFILE.read_text()).processes.items():
            if not only or name in only:
                manager.add_process(name, command, env=env, cwd=str(PROJECT_ROOT))
        if when_started:
            threading.Thread(target=when_started, daemon=True).start()
        manager.loop()
        return int(manager.returncode or 0)


def not_answering(ports: Ports) -> list[str]:
    """Which of the servers do not answer yet, each with the reason; empty when all of them do."""
    return [*airflow_troubles(f"{HOST}:{ports.airflow}"), *dash_troubles(f"{HOST}:{ports.dash}")]


def wait_until_live(ports: Ports, seconds: float, meanwhile: Callable[[], None]) -> list[str]:
    """Wait until every server answers, calling ``meanwhile`` again and again; what is missing when the time is over."""
    deadline = time.monotonic() + seconds
    while (missing := not_answering(ports)) and time.monotonic() < deadline:
        meanwhile()
        time.sleep(0.5)
    meanwhile()
    return missing
