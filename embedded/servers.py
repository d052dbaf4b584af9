"""The Procfile's processes under one supervisor, and the question whether they all answer."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import honcho.manager
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

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
    return [*_airflow_troubles(ports), *_dash_troubles(ports)]


def wait_until_live(ports: Ports, seconds: float, meanwhile: Callable[[], None]) -> list[str]:
    """Wait until every server answers, calling ``meanwhile`` again and again; what is missing when the time is over."""
    deadline = time.monotonic() + seconds
    while (missing := not_answering(ports)) and time.monotonic() < deadline:
        meanwhile()
        time.sleep(0.5)
    meanwhile()
    return missing


def _airflow_troubles(ports: Ports) -> list[str]:
    try:
        health = _get(f"http://{HOST}:{ports.airflow}/api/v2/monitor/health")
    except (OSError, ValueError) as error:
        return [f"Airflow UI on port {ports.airflow} ({error})"]
    wanted = ("metadatabase", "scheduler", "triggerer", "dag_processor")
    return [f"Airflow {part}" for part in wanted if health.get(part, {}).get("status") != "healthy"]


def _dash_troubles(ports: Ports) -> list[str]:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{ports.dash}/healthz", timeout=5):
            return []
    except urllib.error.HTTPError as error:
        # Without a snapshot the dashboard says 503: it is up, and its pages say what is missing.
        return [] if error.code == 503 else [f"dashboard on port {ports.dash} ({error})"]
    except OSError as error:
        return [f"dashboard on port {ports.dash} ({error})"]


def _get(url: str) -> dict[str, dict[str, str]]:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
        return dict(json.load(answer))
