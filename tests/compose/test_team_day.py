"""The team's installation for one owed day: every service of docker-compose.yaml runs, with real Celery workers."""

from __future__ import annotations

import json
import re
import tempfile
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dags.shared.settings import WRITER_POOL
from deploy.new_env import new_secrets
from embedded.manifest import ensure_manifest
from include.settings import Paths
from tests.compose.debian import install_servers
from tests.compose.services import TeamServices
from tests.support.airflow_api import until

pytestmark = [pytest.mark.slow, pytest.mark.extended, pytest.mark.timeout(1800)]

HISTORY = timedelta(days=10)
# Exactly one interval from 06:00 to 06:00 has ended since then, whatever the hour.
OWED = (datetime.now(UTC) - timedelta(hours=6)).date() - timedelta(days=1)
SECRETS = new_secrets()


@pytest.fixture(scope="module")
def team() -> Iterator[TeamServices]:
    """The running installation, with a published history up to the day before the owed one."""
    install_servers()
    variables = SECRETS | {
        "CARTON_START_DATE": str(OWED),
        "CARTON_EPOCH": str(OWED - HISTORY),
        "CARTON_USERS": "60",
        "CARTON_ALERT_RECIPIENTS": "oncall@carton-caps.example",
        "CARTON_AIRFLOW_URL": "http://127.0.0.1:8080",
    }
    # Not pytest's own folder: PostgreSQL runs as a user who may not enter it.
    with tempfile.TemporaryDirectory(prefix="carton-caps-team-") as folder:
        Path(folder).chmod(0o755)
        services = TeamServices(Path(folder), variables)
        ensure_manifest(services.environment("dash"))  # as the Dockerfile does
        try:
            services.start()
            history = ["--start", str(OWED - HISTORY), "--end", str(OWED - timedelta(days=1))]
            built = services.run("writer-worker", "python", "-m", "include.pipeline", "run", *history)
            assert built.returncode == 0, built.stderr[-3000:]
            yield services
        finally:
            services.stop()
        assert services.running() == []


def test_the_owed_day_runs_once_its_dags_are_switched_on(team: TeamServices):
    switched_on = {"carton_caps_source", "carton_caps_daily", "carton_caps_alerts"}
    until(
        lambda: switched_on <= {dag["dag_id"] for dag in team.get("/dags")["dags"]},
        120,
        lambda: team.log("dag-processor")[-3000:],
    )
    for dag_id in switched_on:
        assert team.get(f"/dags/{dag_id}")["is_paused"] is True
        team.patch(f"/dags/{dag_id}", {"is_paused": False})
    run = team.finished_run("carton_caps_daily", lambda run: run["run_type"] == "scheduled", seconds=600)
    tasks = team.tasks("carton_caps_daily", run["dag_run_id"])
    assert {task_id for task_id, state in tasks.items() if state != "success"} == set()
    assert run["state"] == "success"
    assert date.fromisoformat(run["logical_date"][:10]) == OWED


def test_what_opens_the_warehouse_ran_on_the_writer_worker_all_else_on_the_other_and_the_mirrors_on_none(
    team: TeamServices,
):
    run = team.finished_run("carton_caps_daily", lambda run: run["run_type"] == "scheduled")
    # Airflow counts an empty task as done without giving it to a worker.
    every = team.task_instances("carton_caps_daily", run["dag_run_id"])
    tasks = [task for task in every if task["operator"] != "EmptyOperator"]
    writes = {task["id"] for task in tasks if task["pool"] == WRITER_POOL}
    shows = {task["id"] for task in tasks if task["operator"] == "DbtNodeMirror"}
    others = {task["id"] for task in tasks} - writes - shows
    assert len(writes) >= 3  # load, build, publish
    assert len(shows) > 5
    assert len(others) >= 1  # wait_for_landing
    ours = writes | shows | others
    assert executed(team.log("writer-worker")) & ours == writes
    assert executed(team.log("worker")) & ours == others


def test_only_the_writer_worker_reaches_the_warehouse(team: TeamServices):
    found = {name for name in team.services if Paths(team.root(name) / "data").warehouse.exists()}
    assert found == {"writer-worker"}


def test_the_dashboard_serves_the_snapshot_of_that_day(team: TeamServices):
    with urllib.request.urlopen(f"http://{team.address('8050')}/healthz", timeout=30) as answer:
        shown = json.load(answer)
    assert shown["last_day"] == str(OWED), shown
    data = team.root("dash") / "data"
    assert {folder.name for folder in data.iterdir()} == {"serving", "landing", "access"}
    assert [folder.name for folder in (data / "landing").iterdir()] == ["review_decisions"]


def test_a_task_log_of_the_writer_is_read_in_the_api_server(team: TeamServices):
    run = team.finished_run("carton_caps_daily", lambda run: run["run_type"] == "scheduled")
    log = team.get(f"/dags/carton_caps_daily/dagRuns/{run['dag_run_id']}/taskInstances/load/logs/1")
    assert "landing" in json.dumps(log["content"])


def test_the_log_of_a_mirror_which_the_triggerer_wrote_is_read_there_too(team: TeamServices):
    run = team.finished_run("carton_caps_daily", lambda run: run["run_type"] == "scheduled")
    log = team.get(f"/dags/carton_caps_daily/dagRuns/{run['dag_run_id']}/taskInstances/dbt.dim_user/logs/1")
    assert "dim_user: success" in json.dumps(log["content"])


def test_mails_go_to_the_mail_service(team: TeamServices):
    connection = team.get("/connections/smtp_default")
    assert f"{connection['host']}:{connection['port']}" == team.address("1025")


def test_house_keeping_backs_up_with_airflows_database_and_tries_the_backup(team: TeamServices):
    team.patch("/dags/carton_caps_housekeeping", {"is_paused": False})
    started = team.post("/dags/carton_caps_housekeeping/dagRuns", {"logical_date": None})
    run_id = started["dag_run_id"]
    run = team.finished_run("carton_caps_housekeeping", lambda run: run["dag_run_id"] == run_id, seconds=600)
    assert run["state"] == "success", team.tasks("carton_caps_housekeeping", run_id)
    backups = list((team.root("writer-worker") / "data" / "backup").glob("*/airflow.dump"))
    assert backups != []


def test_every_health_check_still_passes_and_one_fails_when_its_service_is_gone(team: TeamServices):
    with_check = [name for name, spec in team.services.items() if not spec["healthcheck"].get("disable")]
    assert {name for name in with_check if not team.is_healthy(name)} == set()
    team.processes["writer-worker"].terminate()
    team.processes["writer-worker"].wait(timeout=60)
    assert not team.is_healthy("writer-worker")
    assert team.is_healthy("worker")


def executed(log: str) -> set[str]:
    """The ids of the task instances that a Celery worker executed, from what it printed."""
    return set(re.findall(r"Executing workload in Celery.*?TaskInstanceDTO\(id=UUID\('([0-9a-f-]+)'\)", log))
