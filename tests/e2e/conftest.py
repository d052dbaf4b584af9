"""A real, private installation that the tests of this folder share.

``embedded.up --detach``, on free ports, with its own data root. Its world is small: 60 users, five weeks of history,
and one day that the scheduler owes. That day's events are cut to a few, so that the volume check has something to say.
"""

from __future__ import annotations

import email
import email.policy
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import duckdb
import psutil
import pytest

from embedded.airflow_env import installation_secrets
from embedded.places import HOST, Places, Ports, free_port
from embedded.processes import left_over
from embedded.running import running_pid
from embedded.world import World, save_world
from include.settings import PROJECT_ROOT, Paths
from tests.support.airflow_api import AirflowApi, until

HISTORY = timedelta(days=35)
USERS = 60
EVENTS_KEPT = 3


@dataclass(frozen=True)
class Installation(AirflowApi):
    """A running installation and what a test asks of it."""

    places: Places
    ports: Ports
    world: World

    @property
    def owed_day(self) -> date:
        """The one landing day whose daily run the scheduler starts by itself."""
        return self.world.start_date

    @property
    def env(self) -> dict[str, str]:
        """The environment of a person who starts and stops it."""
        return os.environ | {
            "CARTON_DATA_DIR": str(self.places.paths.root),
            "CARTON_AIRFLOW_PORT": str(self.ports.airflow),
            "CARTON_DASH_PORT": str(self.ports.dash),
            "CARTON_SMTP_PORT": str(self.ports.smtp),
            "CARTON_PUBLISH_BY": "0",  # a deadline that has passed when the run begins
        }

    def module(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the project's command lines to its end."""
        command = [sys.executable, "-m", name, *arguments]
        return subprocess.run(command, cwd=PROJECT_ROOT, env=self.env, capture_output=True, text=True, check=False)

    def mail_goes_to(self, port: int) -> None:
        """Let Airflow's mail connection lead to another port, as an operator would in its UI."""
        connection = {"connection_id": "smtp_default", "conn_type": "smtp", "port": port}
        self.patch("/connections/smtp_default?update_mask=port", connection)

    def holders(self) -> list[psutil.Process]:
        """Processes that have the warehouse open."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if any(file.path == str(self.places.paths.warehouse) for file in process.open_files()):
                    found.append(process)
        return found

    def builder(self, run_id: str) -> psutil.Process:
        """The process of the run's build task, once it has the warehouse open."""

        def building() -> list[psutil.Process]:
            # The pool has one slot, so while this task runs no other one holds the warehouse.
            return self.holders() if self.tasks("carton_caps_daily", run_id)["dbt.build"] == "running" else []

        (process,) = until(building, 120, self.server_log)
        return process

    def change(self, sql: str) -> None:
        """Somebody's hand in the warehouse."""
        with duckdb.connect(str(self.places.paths.warehouse)) as con:
            con.execute(sql)

    @property
    def published(self) -> Path:
        """The snapshot that readers see."""
        return self.places.paths.current.resolve()

    def owed_run(self) -> str:
        """The daily run of the owed day, finished and published."""
        run = self.finished_run("carton_caps_daily", lambda run: run["run_type"] == "scheduled")
        assert run["state"] == "success"
        return run["dag_run_id"]

    def ended(self, run_id: str, dag_id: str = "carton_caps_daily") -> str:
        """How the run ends, once it has."""
        return self.finished_run(dag_id, lambda run: run["dag_run_id"] == run_id)["state"]

    def next_failure_mail(self, run_id: str, before: int) -> str:
        """The failure mail about the run that comes after the first ``before`` ones."""
        mails = until(lambda: self.failure_mails(run_id)[before:], 60, self.subjects)
        assert len(mails) == 1
        return mails[0]

    def failure_mails(self, run_id: str) -> list[str]:
        """The texts of the failure mails about one run, oldest first."""
        failures = [mail for mail in self.mails() if mail["Subject"].endswith(" failed")]
        texts = [mail.get_body(("plain",)).get_content() for mail in failures]
        return [text for text in texts if run_id in text]

    def mails(self) -> list[EmailMessage]:
        """What the mail sink has kept, oldest first."""
        return [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)  # type: ignore[misc]
            for file in sorted(self.places.paths.mail.glob("*.eml"))
        ]

    def subjects(self) -> str:
        """What the mail sink has kept, a subject each."""
        return str([mail["Subject"] for mail in self.mails()])

    def server_log(self) -> str:
        """The end of what the servers printed."""
        log = self.places.logs / "servers.log"
        return log.read_text()[-3000:] if log.exists() else ""

    @property
    def airflow_address(self) -> str:
        return f"{HOST}:{self.ports.airflow}"

    @property
    def airflow_password(self) -> str:
        return installation_secrets(self.places).admin_password


@pytest.fixture(scope="package")  # not the session: its servers would take their share of every later test
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A live installation; after the last test of this folder it is stopped, and nothing of it may be left."""
    ports = Ports(airflow=free_port(), dash=free_port(), smtp=free_port())
    places = Places(Paths(tmp_path_factory.mktemp("e2e") / "data"))
    # Exactly one interval from 06:00 to 06:00 has ended since then, whatever the hour.
    owed = (datetime.now(UTC) - timedelta(hours=6)).date() - timedelta(days=1)
    made = Installation(places, ports, World(epoch=owed - HISTORY, start_date=owed, users=USERS))
    save_world(places, made.world)
    _deliver_hardly_anything(made, owed)
    try:
        started = made.module("embedded.up", "--detach")
        assert started.returncode == 0, f"{started.stdout}\n{started.stderr}\n{made.server_log()}"
        yield made
    finally:
        stopped = made.module("embedded.down")
    assert stopped.returncode == 0, stopped.stderr
    assert left_over(places) == []
    assert running_pid(places) is None


def _deliver_hardly_anything(made: Installation, day: date) -> None:
    # With the history before it, as a source delivers: a day that stands alone would begin a world of its own.
    world = ["--users", str(made.world.users), "--epoch", str(made.world.epoch)]
    written = made.module("include.generator", "--start", str(made.world.epoch), "--end", str(day), *world)
    assert written.returncode == 0, written.stderr
    landing = made.places.paths.landing
    for file in (landing / "events" / f"ds={day}").iterdir():
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(lines[: 1 + EVENTS_KEPT]))
    # An empty mark is complete without a manifest, which would not fit the cut file.
    (landing / "_SUCCESS" / f"ds={day}").write_text("")
