"""A day in the scheduler against the same work without one: ``python -m bench scheduled``.

A real installation (PostgreSQL, scheduler, API server, web app, mail sink) with its history runs the day that it owes.
Then it is stopped, and the next day, of about the same size, is loaded, built and published by the bare steps.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measure import measured
from bench.table import Table
from embedded.airflow_env import installation_secrets
from embedded.places import HOST, Places, free_port
from embedded.world import World, save_world
from include.settings import PROJECT_ROOT, Paths
from tests.support.airflow_api import AirflowApi

DAG = "carton_caps_daily"
BUILD = "dbt.build"
GIVE_UP_AFTER_SECONDS = 3600


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


def bench_scheduled(users: int, days: int, folder: Path) -> list[Table]:
    """One table: what each part of a scheduled day took, beside the bare steps."""
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
    return [_table(users, days, run, tasks, bare)]


def _table(
    users: int, days: int, run: dict[str, Any], tasks: list[dict[str, Any]], bare: dict[str, dict[str, Any]]
) -> Table:
    took = {task["task_id"]: _seconds(task) for task in tasks if task["start_date"]}
    mirrors = [task for task in tasks if task["task_id"].startswith("dbt.") and task["task_id"] != BUILD]
    first, last = min(task["start_date"] for task in mirrors), max(task["end_date"] for task in mirrors)
    # On an installation's first day the source starts with the run; later its files are there an hour before.
    loading = next(task["start_date"] for task in tasks if task["task_id"] == "load")
    published = next(task["end_date"] for task in tasks if task["task_id"] == "publish")
    build, bare_build = took[BUILD], bare["refresh_gold"]["wall"]
    lines = [
        ("load", took["load"], bare["load_next_day"]["wall"]),
        ("build", build, bare_build),
        ("publish", took["publish"], bare["publish_gold"]["wall"]),
    ]
    table = Table(
        f"scheduled-{users}", f"A day in the scheduler, {users:,} users after {days} days",
        ("seconds", "scheduled", "bare", "ratio"),
    ).begin()  # fmt: skip
    for name, scheduled, alone in lines:
        table.add(name, f"{scheduled:.1f}", f"{alone:.1f}", f"{scheduled / alone:.2f}")
    table.add(f"{len(mirrors)} mirrored tasks", f"{_seconds({'start_date': first, 'end_date': last}):.1f}", "", "")
    alone = sum(alone for _, _, alone in lines)
    published_after = _seconds({"start_date": loading, "end_date": published})
    ended_after = _seconds({"start_date": loading, "end_date": run["end_date"]})
    table.add("load to publication", f"{published_after:.1f}", f"{alone:.1f}", f"{published_after / alone:.2f}")
    table.add("load to the end of the run", f"{ended_after:.1f}", "", "")
    table.note(
        f"Figures to reach: the build within 1.5 times of the bare one, here {build / bare_build:.2f}; a demo day"
        " within 90 s, mirrored tasks included. They only show what the build did, and nobody waits for"
        " them: the day is published before."
    )
    return table


def _seconds(period: dict[str, str]) -> float:
    return (datetime.fromisoformat(period["end_date"]) - datetime.fromisoformat(period["start_date"])).total_seconds()
