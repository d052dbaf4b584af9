"""Runs that take turns at the one warehouse, whatever an operator starts beside another: all of them end well."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from include.pipeline import run
from include.settings import Paths
from include.warehouse import connect
from tests.e2e.conftest import Installation
from tests.e2e.test_scheduler import midnight_after
from tests.support.airflow_api import until
from tests.support.gold import assert_same_gold, served
from tests.support.landing import land

pytestmark = [pytest.mark.slow, pytest.mark.extended, pytest.mark.timeout(3600)]

DAILY, REPROCESS = "carton_caps_daily", "carton_caps_reprocess"
LONG = 1800


def publications(installation: Installation) -> list[datetime]:
    """T of every publication, in order."""
    with connect(installation.places.paths, read_only=True) as con:
        rows = con.execute("select as_of from ops.publications order by published_at").fetchall()
    return [as_of for (as_of,) in rows]


def assert_gold_is_a_full_refresh(installation: Installation, root: Path) -> None:
    """What readers see equals one build of the same landing files in an empty warehouse."""
    undisturbed = Paths(root)
    shutil.copytree(installation.places.paths.landing, undisturbed.landing)
    run(installation.world.epoch, installation.owed_day, undisturbed, source="landing", accept=["all"])
    assert_same_gold(installation.places.paths.current.resolve(), undisturbed.warehouse)


def late_open(installation: Installation, name: str) -> None:
    """One more event of the owed day, in a file of its own."""
    day = installation.owed_day
    event = {"event_id": name, "user_id": 1, "event_type": "app_open", "event_at": f"{day} 12:00:00"}
    land(installation.places.paths, day, "events", [event | {"metadata_json": "{}"}], f"{name}.csv")


def test_five_days_again_beside_a_reprocess_equal_an_undisturbed_build_and_t_never_goes_back(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    installation.finished_run(DAILY, lambda run: run["run_type"] == "scheduled")
    first, last = installation.owed_day - timedelta(days=5), installation.owed_day - timedelta(days=1)
    period = ["--from-date", f"{first}T00:00:00+00:00", "--to-date", f"{last}T23:59:59+00:00"]
    # more at once than anybody should ask for: their tasks interleave
    backfill = ["backfill", "create", "--dag-id", DAILY, "--max-active-runs", "3", "--reprocess-behavior", "completed"]
    created = installation.module("embedded.airflow", *backfill, *period)
    assert created.returncode == 0, created.stderr[-3000:]
    late_open(installation, "late-beside-the-backfill")
    days = {"start": str(first), "end": str(installation.owed_day)}
    repair = installation.post(f"/dags/{REPROCESS}/dagRuns", {"logical_date": None, "conf": days})["dag_run_id"]
    ended = installation.finished_run(REPROCESS, lambda run: run["dag_run_id"] == repair, LONG)
    assert ended["state"] == "success", installation.tasks(REPROCESS, repair)

    wanted = [str(first + timedelta(days=offset)) for offset in range(5)]
    for day in wanted:
        ended = installation.finished_run(
            DAILY, lambda run, day=day: run["run_type"] == "backfill" and run["logical_date"][:10] == day, LONG
        )
        assert ended["state"] == "success", installation.tasks(DAILY, ended["dag_run_id"])
    until(
        lambda: all(run["state"] in ("success", "failed") for run in installation.runs(DAILY)),
        LONG,
        installation.server_log,
    )
    as_of = publications(installation)
    assert as_of == sorted(as_of)
    assert as_of[-1] == midnight_after(installation.owed_day)
    assert_gold_is_a_full_refresh(installation, tmp_path)


def test_a_reprocess_during_a_daily_run_is_no_trouble_for_either(installation: Installation, tmp_path: Path):
    daily = installation.finished_run(DAILY, lambda run: run["run_type"] == "scheduled")["dag_run_id"]
    late_open(installation, "late-in-the-daily-run")
    installation.clear(DAILY, daily, "load")
    day = str(installation.owed_day)
    late_open(installation, "late-in-the-reprocess")
    days = {"start": day, "end": day}
    repair = installation.post(f"/dags/{REPROCESS}/dagRuns", {"logical_date": None, "conf": days})["dag_run_id"]
    for dag_id, run_id in ((REPROCESS, repair), (DAILY, daily)):
        ended = installation.finished_run(dag_id, lambda run, run_id=run_id: run["dag_run_id"] == run_id, LONG)
        assert ended["state"] == "success", installation.tasks(dag_id, run_id)
    opens = served(
        installation.places.paths,
        f"select app_opens from gold.fct_user_day where user_id = 1 and activity_date = '{day}'",
    )
    assert opens[0][0] >= 2
    assert_gold_is_a_full_refresh(installation, tmp_path)
