"""Runs that fail in the middle, and how an operator gets them right: mend the cause, clear the failed task."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from include.settings import PROJECT_ROOT
from tests.e2e.conftest import Installation
from tests.support.airflow_api import until
from tests.support.gold import assert_same_gold

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

DAILY, REPROCESS = "carton_caps_daily", "carton_caps_reprocess"
BUILD = "dbt.build"
STATUS_TEST = "accepted_values_fct_referral_source_status__sent__clicked__converted"


@pytest.fixture
def run_id(installation: Installation) -> str:
    """The daily run of the owed day, finished and published."""
    run = installation.finished_run(DAILY, lambda run: run["run_type"] == "scheduled")
    assert run["state"] == "success"
    return run["dag_run_id"]


def published(installation: Installation) -> Path:
    return installation.places.paths.current.resolve()


def change(installation: Installation, sql: str) -> None:
    """Somebody's hand in the warehouse."""
    with duckdb.connect(str(installation.places.paths.warehouse)) as con:
        con.execute(sql)


def ended(installation: Installation, run_id: str, dag_id: str = DAILY) -> str:
    """How the run ends, once it has."""
    return installation.finished_run(dag_id, lambda run: run["dag_run_id"] == run_id)["state"]


def next_mail(installation: Installation, run_id: str, before: int) -> str:
    """The failure mail about the run that comes after the first ``before`` ones."""
    mails = until(
        lambda: installation.failure_mails(run_id)[before:],
        60,
        lambda: str([mail["Subject"] for mail in installation.mails()]),
    )
    assert len(mails) == 1
    return mails[0]


@contextmanager
def wrong_statuses(installation: Installation) -> Iterator[None]:
    """Statuses of referrals that no contract allows, typed into ``raw`` by hand; put right at the end."""
    change(installation, "create table raw.statuses as select _file, _ds, _line, status from raw.referrals")
    change(installation, "update raw.referrals set status = 'lost'")
    yield
    change(
        installation,
        "update raw.referrals set status = known.status from raw.statuses as known"
        " where known._file = referrals._file and known._ds = referrals._ds and known._line = referrals._line",
    )
    change(installation, "drop table raw.statuses")


def test_a_failed_test_publishes_nothing_its_mail_shows_the_way_to_the_rows_and_clearing_the_build_recovers(
    installation: Installation, run_id: str
):
    before, mails = published(installation), len(installation.failure_mails(run_id))
    with wrong_statuses(installation):
        installation.clear(DAILY, run_id, BUILD)
        assert ended(installation, run_id) == "failed"
        tasks = installation.tasks(DAILY, run_id)
        assert (tasks[BUILD], tasks["publish"]) == ("failed", "upstream_failed")
        assert {task for task, state in tasks.items() if state == "failed"} == {BUILD, "dbt.fct_referral"}
        assert published(installation) == before
        text = next_mail(installation, run_id, mails)
        command = f"python -m include.pipeline failing-rows {STATUS_TEST}"
        assert f"test {STATUS_TEST}: Got 1 result" in text
        assert command in text
        rows = installation.module(*command.split()[2:])
        assert "lost" in rows.stdout, rows.stderr
    installation.clear(DAILY, run_id, BUILD)
    assert ended(installation, run_id) == "success", installation.tasks(DAILY, run_id)
    assert published(installation) != before
    assert_same_gold(published(installation), before)


@pytest.mark.extended
def test_a_killed_build_is_mailed_leaves_nobody_at_the_warehouse_and_clearing_it_recovers(
    installation: Installation, run_id: str
):
    before, mails = published(installation), len(installation.failure_mails(run_id))
    installation.clear(DAILY, run_id, BUILD)
    (task,) = until(installation.holders, 120, installation.server_log)
    task.kill()
    task.wait(10)
    assert installation.holders() == []
    assert ended(installation, run_id) == "failed"
    assert published(installation) == before
    assert "its process was killed" in next_mail(installation, run_id, mails)
    installation.clear(DAILY, run_id, BUILD)
    assert ended(installation, run_id) == "success", installation.tasks(DAILY, run_id)
    assert_same_gold(published(installation), before)


@pytest.mark.extended
def test_a_build_whose_supervisor_is_killed_does_not_live_on_with_the_warehouse_locked(
    installation: Installation, run_id: str
):
    installation.clear(DAILY, run_id, BUILD)
    (task,) = until(installation.holders, 120, installation.server_log)
    task.parent().kill()
    until(lambda: not installation.holders(), 10, lambda: str(installation.holders()))
    assert ended(installation, run_id) == "failed"
    installation.clear(DAILY, run_id, BUILD)
    assert ended(installation, run_id) == "success", installation.tasks(DAILY, run_id)


@pytest.mark.extended
def test_a_failed_model_is_recovered_by_clearing_the_build(installation: Installation, run_id: str):
    before, mails = published(installation), len(installation.failure_mails(run_id))
    change(installation, "alter table gold.fct_user_day add column surprise integer")
    installation.clear(DAILY, run_id, BUILD)
    assert ended(installation, run_id) == "failed"
    assert installation.tasks(DAILY, run_id)["dbt.fct_user_day"] == "failed"
    assert "model fct_user_day: " in next_mail(installation, run_id, mails)
    assert published(installation) == before
    change(installation, "alter table gold.fct_user_day drop column surprise")
    installation.clear(DAILY, run_id, BUILD)
    assert ended(installation, run_id) == "success", installation.tasks(DAILY, run_id)
    assert_same_gold(published(installation), before)


@pytest.mark.extended
def test_a_forgotten_program_that_holds_the_warehouse_is_named_in_the_mail(installation: Installation, run_id: str):
    before, mails = published(installation), len(installation.failure_mails(run_id))
    hold = f"import duckdb; con = duckdb.connect({str(installation.places.paths.warehouse)!r}); print(1); input()"
    command = [sys.executable, "-uc", hold]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as notebook:
        assert notebook.stdout is not None
        notebook.stdout.readline()
        installation.clear(DAILY, run_id, BUILD)
        assert ended(installation, run_id) == "failed"
        text = next_mail(installation, run_id, mails)
        notebook.kill()
    assert f"is held by process {notebook.pid}" in text
    assert f"kill {notebook.pid}" in text
    installation.clear(DAILY, run_id, BUILD)
    assert ended(installation, run_id) == "success", installation.tasks(DAILY, run_id)
    assert_same_gold(published(installation), before)


@pytest.mark.extended
def test_a_blocked_delivery_is_mailed_with_the_entry_that_accepts_it_and_the_form_takes_that_entry(
    installation: Installation, run_id: str
):
    day, before = str(installation.owed_day), published(installation)
    folder = installation.places.paths.landing / "users" / f"ds={day}"
    folder.mkdir(parents=True, exist_ok=True)
    broken = folder / "late.csv"
    broken.write_text("user_id\n1\n")
    period = {"start": day, "end": day}
    refused = installation.post(f"/dags/{REPROCESS}/dagRuns", {"logical_date": None, "conf": period})["dag_run_id"]
    assert ended(installation, refused, REPROCESS) == "failed"
    assert installation.tasks(REPROCESS, refused)["load"] == "failed"
    assert published(installation) == before
    assert f"--accept-quarantine users:{day}" in next_mail(installation, refused, 0)

    accepting = period | {"accept_quarantine": [f"users:{day}"]}
    accepted = installation.post(f"/dags/{REPROCESS}/dagRuns", {"logical_date": None, "conf": accepting})["dag_run_id"]
    assert ended(installation, accepted, REPROCESS) == "success"
    assert_same_gold(published(installation), before)
