"""Which processes belong to one data root, and how to end those that were left behind."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import psutil

from embedded.places import Places


def remember_sessions(places: Places) -> None:
    """Write down the sessions of this process's descendants, so that a later one finds them if this one is killed.

    The supervisor gives each server a session of its own. Neither command line nor environment would do to find them:
    gunicorn and Airflow's API server overwrite both with a title.
    """
    own = os.getsid(0)
    leaders = {}
    for child in psutil.Process().children(recursive=True):
        try:
            session = os.getsid(child.pid)
            if session != own:
                leaders[str(session)] = psutil.Process(session).create_time()
        except (psutil.NoSuchProcess, ProcessLookupError):
            continue
    places.run.mkdir(parents=True, exist_ok=True)
    _sessions_file(places).write_text(json.dumps(leaders))


def forget_sessions(places: Places) -> None:
    """After an orderly end."""
    _sessions_file(places).unlink(missing_ok=True)


def left_over(places: Places) -> list[psutil.Process]:
    """Processes of this data root's servers and tasks, other than this process and its parents.

    Those of a remembered session, those that run with the data root's AIRFLOW_HOME, and its PostgreSQL. Airflow puts
    each task into a process group of its own, so ending a server's group would not reach a task.
    """
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    leaders = json.loads(_sessions_file(places).read_text()) if _sessions_file(places).exists() else {}
    return [
        process
        for process in psutil.process_iter()
        if process.pid not in spared and (_is_named(process, places) or _is_of_session(process, leaders))
    ]


def end(processes: list[psutil.Process], seconds: float = 10.0) -> None:
    """End processes, politely first; whoever is still there after that many seconds is killed."""
    for process in processes:
        _unless_gone(process.terminate)
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    for process in alive:
        _unless_gone(process.kill)
    psutil.wait_procs(alive, timeout=5)


def _is_named(process: psutil.Process, places: Places) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        if process.environ().get("AIRFLOW_HOME") == str(places.airflow_home):
            return True
        return process.name() == "postgres" and str(places.postgres) in process.cmdline()
    except psutil.Error:  # gone, or another person's
        return False


def _is_of_session(process: psutil.Process, leaders: dict[str, float]) -> bool:
    try:
        session = os.getsid(process.pid)
        if str(session) not in leaders or process.status() == psutil.STATUS_ZOMBIE:
            return False
        # A number that was given to another program since is not ours.
        began = leaders[str(session)]
        is_reused = psutil.pid_exists(session) and psutil.Process(session).create_time() != began
        return not is_reused and process.create_time() >= began
    except (psutil.Error, ProcessLookupError, PermissionError):
        return False


def _sessions_file(places: Places) -> Path:
    return places.run / "sessions.json"


def _unless_gone(action: Callable[[], object]) -> None:
    try:
        action()
    except psutil.NoSuchProcess:
        return
