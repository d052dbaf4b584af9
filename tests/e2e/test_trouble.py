"""Runs that fail in the middle, and how an operator gets them right: mend the cause, clear the failed task."""

from __future__ import annotations

import subprocess
import sys

import pytest

from include.settings import PROJECT_ROOT
from tests.e2e.conftest import Installation
from tests.support.airflow_api import until
from tests.support.gold import assert_same_gold

pytestmark = [pytest.mark.slow, pytest.mark.extended, pytest.mark.timeout(1800)]

DAILY, REPROCESS = "carton_caps_daily", "carton_caps_reprocess"
BUILD = "dbt.build"


@pytest.fixture
def run_id(installation: Installation) -> str:
    """The daily run of the owed day, finished and published."""
    return installation.owed_run()


def test_a_killed_build_is_mailed_leaves_nobody_at_the_warehouse_and_clearing_it_recovers(
    installation: Installation, run_id: str
):
    before, mails = installation.published, len(installation.failure_mails(run_id))
    installation.clear(DAILY, run_id, BUILD)
    task = installation.builder(run_id)
    task.kill()
    task.wait(10)
    assert installation.holders() == []
    assert installation.ended(run_id) == "failed"
    assert installation.published == before
    assert "its process was killed" in installation.next_failure_mail(run_id, mails)
    installation.clear(DAILY, run_id, BUILD)
    assert installation.ended(run_id) == "success", installation.tasks(DAILY, run_id)
    assert_same_gold(installation.published, before)


def test_a_build_whose_supervisor_is_killed_does_not_live_on_with_the_warehouse_locked(
    installation: Installation, run_id: str
):
    installation.clear(DAILY, run_id, BUILD)
    task = installation.builder(run_id)
    task.parent().kill()
    until(lambda: not installation.holders(), 10, lambda: str(installation.holders()))
    assert installation.ended(run_id) == "failed"
    installation.clear(DAILY, run_id, BUILD)
    assert installation.ended(run_id) == "success", installation.tasks(DAILY, run_id)


def test_a_failed_model_is_recovered_by_clearing_the_build(installation: Installation, run_id: str):
    before, mails = installation.published, len(installation.failure_mails(run_id))
    installation.change("alter table gold.fct_user_day add column surprise integer")
    installation.clear(DAILY, run_id, BUILD)
    assert installation.ended(run_id) == "failed"
    assert installation.tasks(DAILY, run_id)["dbt.fct_user_day"] == "failed"
    assert "model fct_user_day: " in installation.next_failure_mail(run_id, mails)
    assert installation.published == before
    installation.change("alter table gold.fct_user_day drop column surprise")
    installation.clear(DAILY, run_id, BUILD)
    assert installation.ended(run_id) == "success", installation.tasks(DAILY, run_id)
    assert_same_gold(installation.published, before)


def test_a_forgotten_program_that_holds_the_warehouse_is_named_in_the_mail(installation: Installation, run_id: str):
    before, mails = installation.published, len(installation.failure_mails(run_id))
    hold = f"import duckdb; con = duckdb.connect({str(installation.places.paths.warehouse)!r}); print(1); input()"
    command = [sys.executable, "-uc", hold]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as notebook:
        assert notebook.stdout is not None
        notebook.stdout.readline()
        installation.clear(DAILY, run_id, BUILD)
        assert installation.ended(run_id) == "failed"
        text = installation.next_failure_mail(run_id, mails)
        notebook.kill()
    assert f"is held by process {notebook.pid}" in text
    assert f"kill {notebook.pid}" in text
    installation.clear(DAILY, run_id, BUILD)
    assert installation.ended(run_id) == "success", installation.tasks(DAILY, run_id)
    assert_same_gold(installation.published, before)


def test_a_blocked_delivery_is_mailed_with_the_entry_that_accepts_it_and_the_form_takes_that_entry(
    installation: Installation, run_id: str
):
    day, before = str(installation.owed_day), installation.published
    folder = installation.places.paths.landing / "users" / f"ds={day}"
    folder.mkdir(parents=True, exist_ok=True)
    broken = folder / "late.csv"
    broken.write_text("user_id\n1\n")
    period = {"start": day, "end": day}
    refused = installation.post(f"/dags/{REPROCESS}/dagRuns", {"logical_date": None, "conf": period})["dag_run_id"]
    assert installation.ended(refused, REPROCESS) == "failed"
    assert installation.tasks(REPROCESS, refused)["load"] == "failed"
    assert installation.published == before
    assert f"--accept-quarantine users:{day}" in installation.next_failure_mail(refused, 0)

    accepting = period | {"accept_quarantine": [f"users:{day}"]}
    accepted = installation.post(f"/dags/{REPROCESS}/dagRuns", {"logical_date": None, "conf": accepting})["dag_run_id"]
    assert installation.ended(accepted, REPROCESS) == "success"
    assert_same_gold(installation.published, before)
