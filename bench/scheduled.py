"""A day in the scheduler against the same work without one: ``python -m bench --scheduled``.

A real installation (PostgreSQL, scheduler, API server, web app, mail sink) with its history runs the day that it owes.
Then it is stopped, and the next day, of about the same size, is loaded, built and published by the bare steps.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from embedded.places import Places, free_port
from embedded.world import World, save_world
from include.settings import PROJECT_ROOT, Paths

DAG = "carton_caps_daily"
BUILD = "dbt.dbt_producer_watcher"
GIVE_UP_AFTER_SECONDS = 3600

Measured = Callable[..., dict[str, Any]]


class Installation:
    """One that runs on free ports for the time of a measurement."""

    def __init__(self, root: Path, world: World) -> None:
        places = Places(Paths(root))
        save_world(places, world)
        ports = {f"CARTON_{name}_PORT": str(free_port()) for name in ("AIRFLOW", "DASH", "SMTP")}
        self._env = os.environ | ports | {"CARTON_DATA_DIR": str(root)}

    def __enter__(self) -> Installation:
        self._run("embedded.up", "--detach")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("embedded.down")

    def airflow(self, *arguments: str) -> list[dict[str, str]]:
        """The answer of an ``airflow`` command that lists something."""
        printed = self._run("embedded.airflow", *arguments, "--output", "json")
        return json.loads(printed.splitlines()[-1])  # Airflow's own log lines come before

    def _run(self, module: str, *arguments: str) -> str:
        command = [sys.executable, "-m", module, *arguments]
        run = subprocess.run(command, cwd=PROJECT_ROOT, env=self._env, stdout=subprocess.PIPE, text=True, check=True)
        return run.stdout


def bench_scheduled(users: int, days: int, folder: Path, measured: Measured) -> None:
    """Print what each part of a scheduled day took, beside the bare steps."""
    # Exactly one interval from 06:00 to 06:00 has ended since then, whatever the hour.
    owed = (datetime.now(UTC) - timedelta(hours=6)).date() - timedelta(days=1)
    epoch = owed - timedelta(days=days)
    with tempfile.TemporaryDirectory(prefix="carton-bench-", dir=folder) as root:
        with Installation(Path(root), World(epoch=epoch, start_date=owed, users=users)) as installation:
            run = _finished_run(installation)
            tasks = installation.airflow("tasks", "states-for-dag-run", DAG, run["run_id"])
        # the simulator's own format, in which the installation has delivered its history
        size = (users, days + 1, "csv", epoch)
        bare = {
            step: measured(step, Path(root), *size)
            for step in ("generate_next_day", "load_next_day", "refresh_gold", "publish_gold")
        }
    _print(users, days, run, tasks, bare)


def _finished_run(installation: Installation) -> dict[str, str]:
    deadline = time.monotonic() + GIVE_UP_AFTER_SECONDS
    while time.monotonic() < deadline:
        runs = installation.airflow("dags", "list-runs", DAG)
        if runs and runs[0]["state"] == "success":
            return runs[0]
        if runs and runs[0]["state"] == "failed":
            raise SystemExit(f"The run {runs[0]['run_id']} failed; there is nothing to measure.")
        time.sleep(5)  # each question starts a process, which takes its share of the machine
    raise SystemExit(f"The owed day was not done within {GIVE_UP_AFTER_SECONDS} s.")


def _print(users: int, days: int, run: dict[str, str], tasks: list[dict[str, str]], bare: dict[str, dict]) -> None:
    took = {task["task_id"]: _seconds(task) for task in tasks if task["start_date"]}
    mirrors = [task for task in tasks if task["task_id"].startswith("dbt.") and task["task_id"] != BUILD]
    first, last = min(task["start_date"] for task in mirrors), max(task["end_date"] for task in mirrors)
    build, bare_build = took[BUILD], bare["refresh_gold"]["wall"]
    lines = [
        ("load", took["load"], bare["load_next_day"]["wall"]),
        ("build", build, bare_build),
        (f"{len(mirrors)} mirrored tasks", _seconds({"start_date": first, "end_date": last}), None),
        ("publish", took["publish"], bare["publish_gold"]["wall"]),
    ]
    whole = _seconds(run)
    print(f"{users:,} users, {days} days of history; seconds of one more day")
    print(f"{'':<24}{'scheduled':>12}{'bare':>12}{'ratio':>8}")
    for name, scheduled, alone in lines:
        compared = f"{alone:>12.1f}{scheduled / alone:>8.2f}" if alone else ""
        print(f"{name:<24}{scheduled:>12.1f}{compared}")
    rest = whole - sum(scheduled for _, scheduled, _ in lines)
    print(f"{'waiting and scheduling':<24}{rest:>12.1f}")
    print(f"{'the whole run':<24}{whole:>12.1f}{sum(alone for _, _, alone in lines if alone):>12.1f}")


def _seconds(period: dict[str, str]) -> float:
    return (datetime.fromisoformat(period["end_date"]) - datetime.fromisoformat(period["start_date"])).total_seconds()
