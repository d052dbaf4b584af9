"""A day in the scheduler against the same work without one: ``python -m bench --scheduled``.

A real installation (PostgreSQL, scheduler, API server, web app, mail sink) with its history runs the day that it owes.
Then it is stopped, and the next day, of about the same size, is loaded, built and published by the bare steps.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from embedded.airflow_env import installation_secrets
from embedded.places import HOST, Places, free_port
from embedded.world import World, save_world
from include.settings import PROJECT_ROOT, Paths
from tests.support.airflow_api import AirflowApi

DAG = "carton_caps_daily"
BUILD = "dbt.build"
GIVE_UP_AFTER_SECONDS = 3600

Measured = Callable[..., dict[str, Any]]


class Installation(AirflowApi):
    """One that runs on free ports for the time of a measurement."""

    def __init__(self, root: Path, world: World) -> None:
        self._places = Places(Paths(root))
        save_world(self._places, world)
        self._port = free_port()
        ports = {"CARTON_AIRFLOW_PORT": self._port, "CARTON_DASH_PORT": free_port(), "CARTON_SMTP_PORT": free_port()}
        self._env = os.environ | {name: str(port) for name, port in ports.items()} | {"CARTON_DATA_DIR": str(root)}

    def __enter__(self) -> Installation:
        self._run("embedded.up", "--detach")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("embedded.down")

    @property
    def airflow_address(self) -> str:
        """``host:port`` of the API server."""
        return f"{HOST}:{self._port}"

    @property
    def airflow_password(self) -> str:
        """The password of the user ``admin``."""
        return installation_secrets(self._places).admin_password

    def server_log(self) -> str:
        """The end of what the servers printed."""
        return "\n".join((self._places.logs / "servers.log").read_text().splitlines()[-40:])

    def _run(self, module: str, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", module, *arguments], cwd=PROJECT_ROOT, env=self._env, stdout=sys.stderr, check=True
        )


def bench_scheduled(users: int, days: int, folder: Path, measured: Measured) -> None:
    """Print what each part of a scheduled day took, beside the bare steps."""
    # Exactly one interval from 06:00 to 06:00 has ended since then, whatever the hour.
    owed = (datetime.now(UTC) - timedelta(hours=6)).date() - timedelta(days=1)
    epoch = owed - timedelta(days=days)
    with tempfile.TemporaryDirectory(prefix="carton-bench-", dir=folder) as root:
        with Installation(Path(root), World(epoch=epoch, start_date=owed, users=users)) as installation:
            run = installation.finished_run(DAG, lambda _: True, GIVE_UP_AFTER_SECONDS)
            tasks = installation.task_instances(DAG, run["dag_run_id"])
        if run["state"] != "success":
            raise SystemExit(f"The run failed, there is nothing to measure: {tasks}")
        # the simulator's own format, in which the installation has delivered its history
        size = (users, days + 1, "csv", epoch)
        bare = {
            step: measured(step, Path(root), *size)
            for step in ("generate_next_day", "load_next_day", "refresh_gold", "publish_gold")
        }
    _print(users, days, run, tasks, bare)


def _print(users: int, days: int, run: dict[str, Any], tasks: list[dict[str, Any]], bare: dict[str, dict]) -> None:
    took = {task["task_id"]: _seconds(task) for task in tasks if task["start_date"]}
    mirrors = [task for task in tasks if task["task_id"].startswith("dbt.") and task["task_id"] != BUILD]
    first, last = min(task["start_date"] for task in mirrors), max(task["end_date"] for task in mirrors)
    # On an installation's first day the source starts with the run; later its files are there an hour before.
    loading = next(task["start_date"] for task in tasks if task["task_id"] == "load")
    build, bare_build = took[BUILD], bare["refresh_gold"]["wall"]
    lines = [
        ("wait for the files", _seconds({"start_date": run["start_date"], "end_date": loading}), None),
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
    print(f"{'scheduling':<24}{rest:>12.1f}")
    print(f"{'the whole run':<24}{whole:>12.1f}{sum(alone for _, _, alone in lines if alone):>12.1f}")


def _seconds(period: dict[str, str]) -> float:
    return (datetime.fromisoformat(period["end_date"]) - datetime.fromisoformat(period["start_date"])).total_seconds()
