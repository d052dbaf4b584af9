"""A real scheduler over a real warehouse: an owed day, a backfill, a refused run, a failed test; as the story goes."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage

import duckdb
import pytest

from embedded.manifest import MANIFEST
from embedded.places import HOST, free_port
from include.alerts.wording import long_day
from include.housekeeping.backups import find_backup
from tests.e2e.conftest import EVENTS_KEPT, Installation
from tests.support.airflow_api import until
from tests.support.browser import OpenPage
from tests.support.gold import assert_same_gold

pytestmark = pytest.mark.slow

DAILY, REPROCESS, BUILD = "carton_caps_daily", "carton_caps_reprocess", "dbt.build"
STATUS_TEST = "accepted_values_fct_referral_source_status__sent__clicked__converted"


def as_of(installation: Installation) -> datetime:
    """T of the snapshot that readers see."""
    with duckdb.connect(str(installation.places.paths.current.resolve()), read_only=True) as snapshot:
        return snapshot.execute("select as_of from ops.snapshot").fetchall()[0][0]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def midnight_after(day) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time())


def test_the_owed_day_runs_by_itself_and_every_model_is_a_task_that_succeeded(installation: Installation):
    run = installation.finished_run(DAILY, lambda run: run["run_type"] == "scheduled")
    tasks = installation.tasks(DAILY, run["dag_run_id"])
    assert {task_id for task_id, state in tasks.items() if state != "success"} == set(), installation.server_log()
    assert run["state"] == "success"
    assert run["logical_date"][:10] == str(installation.owed_day)
    nodes = json.loads(MANIFEST.read_text())["nodes"].values()
    models = {f"dbt.{node['name']}" for node in nodes if node["resource_type"] == "model"}
    assert len(models) > 5
    assert models <= set(tasks)


def test_the_snapshot_stands_at_the_end_of_that_day(installation: Installation):
    installation.finished_run(DAILY, lambda run: run["run_type"] == "scheduled")
    assert as_of(installation) == midnight_after(installation.owed_day)


def test_the_publication_starts_the_alerts_and_the_sink_keeps_their_mail(installation: Installation):
    run = installation.finished_run("carton_caps_alerts", lambda run: run["run_type"] == "asset_triggered")
    assert run["state"] == "success", installation.server_log()
    counted = f"{long_day(installation.owed_day)}: {EVENTS_KEPT}\n"
    mails = [mail for mail in installation.mails() if counted in text_of(mail)]
    assert len(mails) == 1, [mail["Subject"] for mail in installation.mails()]
    assert mails[0]["To"] == "oncall@carton-caps.example"
    assert "Look today" in text_of(mails[0])
    assert f":{installation.ports.airflow}/dags/carton_caps_daily/runs/scheduled__" in text_of(mails[0])
    assert "Look today" in mails[0].get_body(("html",)).get_content()


def test_the_first_publication_after_a_week_brings_its_digest(installation: Installation):
    installation.finished_run("carton_caps_alerts", lambda run: run["run_type"] == "asset_triggered")
    digests = [mail for mail in installation.mails() if "The week of" in mail["Subject"]]
    assert len(digests) == 1
    assert "Raised for schools | $" in text_of(digests[0])


def test_a_day_that_is_not_published_by_its_hour_is_mailed_from_the_triggerer(installation: Installation):
    # The installation of these tests wants its days at midnight, which a run at six cannot give.
    def late() -> list[EmailMessage]:
        return [mail for mail in installation.mails() if mail["Subject"].endswith("is not published")]

    until(late, 120, installation.server_log)
    assert len(late()) == 1
    assert f":{installation.ports.airflow}/dags/carton_caps_daily/runs/scheduled__" in text_of(late()[0])


@pytest.mark.extended
def test_three_runs_with_the_mail_server_away_succeed_and_their_mails_arrive_once_each(installation: Installation):
    def asked_for() -> list[EmailMessage]:
        return [mail for mail in installation.mails() if "Somebody asked for this mail" in text_of(mail)]

    def run_to_its_end(dag_id: str, **conf: bool) -> str:
        started = installation.post(f"/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf})["dag_run_id"]
        return installation.finished_run(dag_id, lambda run: run["dag_run_id"] == started)["state"]

    # what the owed day has to say would take the place of a mail that was only asked for
    installation.finished_run("carton_caps_alerts", lambda run: run["run_type"] == "asset_triggered")
    installation.mail_goes_to(free_port())
    assert [run_to_its_end("carton_caps_alerts", send_always=True) for _ in range(3)] == ["success"] * 3
    assert asked_for() == []
    installation.mail_goes_to(installation.ports.smtp)
    for _ in range(2):
        assert run_to_its_end("carton_caps_mail_queue") == "success"
        assert len(asked_for()) == 3


def test_the_dashboard_shows_that_snapshot_without_a_failed_request_or_a_word_on_the_console(
    installation: Installation, open_page: OpenPage
):
    watched = open_page(f"http://{HOST}:{installation.ports.dash}/")
    assert watched.page.inner_text("#kpi-raised-value").startswith("$")
    watched.assert_clean()


def test_the_house_is_kept_from_the_first_day_on(installation: Installation):
    run = installation.finished_run("carton_caps_housekeeping", lambda run: run["run_type"] == "scheduled")
    tasks = installation.tasks("carton_caps_housekeeping", run["dag_run_id"])
    assert {task_id for task_id, state in tasks.items() if state != "success"} == set(), installation.server_log()
    newest = find_backup("newest", installation.places.paths)
    assert newest.tried_at is not None
    assert "with Airflow's database" in newest.text()


def test_both_pages_answer(installation: Installation):
    for url in (f"http://{HOST}:{installation.ports.airflow}/", f"http://{HOST}:{installation.ports.dash}/healthz"):
        with urllib.request.urlopen(url, timeout=30) as answer:
            assert answer.status == 200


def test_a_second_start_says_that_it_runs_already(installation: Installation):
    again = installation.module("embedded.up", "--detach")
    assert again.returncode == 1
    assert "run already" in again.stderr
    assert "make stop" in again.stderr


def test_a_backfill_of_two_days_succeeds_and_leaves_the_newest_day_published(installation: Installation):
    installation.finished_run(DAILY, lambda run: run["run_type"] == "scheduled")
    days = [installation.owed_day - timedelta(days=2), installation.owed_day - timedelta(days=1)]
    period = ["--from-date", f"{days[0]}T00:00:00+00:00", "--to-date", f"{days[1]}T23:59:59+00:00"]
    backfill = ["backfill", "create", "--dag-id", DAILY, "--max-active-runs", "1"]
    created = installation.module("embedded.airflow", *backfill, *period)
    assert created.returncode == 0, created.stderr[-3000:]
    for day in days:
        run = installation.finished_run(
            DAILY,
            lambda run, day=day: run["run_type"] == "backfill" and run["logical_date"][:10] == str(day),
        )
        assert run["state"] == "success", installation.tasks(DAILY, run["dag_run_id"])
    backfilled = [run for run in installation.runs(DAILY) if run["run_type"] == "backfill"]
    assert len(backfilled) == len(days)
    assert as_of(installation) == midnight_after(installation.owed_day)


def test_a_reprocess_of_the_owed_day_shows_every_model_and_publishes_anew(installation: Installation):
    installation.owed_run()
    before, day = installation.published, str(installation.owed_day)
    asked = {"logical_date": None, "conf": {"start": day, "end": day}}
    run_id = installation.post(f"/dags/{REPROCESS}/dagRuns", asked)["dag_run_id"]
    assert installation.ended(run_id, REPROCESS) == "success", installation.tasks(REPROCESS, run_id)
    assert set(installation.tasks(REPROCESS, run_id).values()) == {"success"}
    assert installation.published != before
    assert_same_gold(installation.published, before)


def test_a_run_without_a_date_fails_with_a_sentence_and_a_mail(installation: Installation):
    started = installation.post("/dags/carton_caps_daily/dagRuns", {"logical_date": None})
    run = installation.finished_run(DAILY, lambda run: run["dag_run_id"] == started["dag_run_id"])
    assert run["state"] == "failed"
    tasks = installation.tasks(DAILY, run["dag_run_id"])
    assert tasks["wait_for_landing"] == "failed"
    assert tasks["load"] == "upstream_failed"

    until(
        lambda: installation.failure_mails(started["dag_run_id"]),
        60,
        installation.subjects,
    )


@contextmanager
def wrong_statuses(installation: Installation) -> Iterator[None]:
    """Statuses of referrals that no contract allows, typed into ``raw`` by hand; put right at the end."""
    installation.change("create table raw.statuses as select _file, _ds, _line, status from raw.referrals")
    installation.change("update raw.referrals set status = 'lost'")
    yield
    installation.change(
        "update raw.referrals set status = known.status from raw.statuses as known"
        " where known._file = referrals._file and known._ds = referrals._ds and known._line = referrals._line",
    )
    installation.change("drop table raw.statuses")


# `make test` has the same without the scheduler: tests/pipeline/test_build_failures.py
@pytest.mark.extended
def test_a_failed_test_publishes_nothing_its_mail_shows_the_way_to_the_rows_and_clearing_the_build_recovers(
    installation: Installation,
):
    run_id = installation.owed_run()
    before, mails = installation.published, len(installation.failure_mails(run_id))
    with wrong_statuses(installation):
        installation.clear(DAILY, run_id, BUILD)
        assert installation.ended(run_id) == "failed"
        tasks = installation.tasks(DAILY, run_id)
        assert (tasks[BUILD], tasks["publish"]) == ("failed", "upstream_failed")
        assert {task for task, state in tasks.items() if state == "failed"} == {BUILD, "dbt.fct_referral"}
        assert installation.published == before
        text = installation.next_failure_mail(run_id, mails)
        command = f"python -m include.pipeline failing-rows {STATUS_TEST}"
        assert f"test {STATUS_TEST}: Got 1 result" in text
        assert command in text
        rows = installation.module(*command.split()[2:])
        assert "lost" in rows.stdout, rows.stderr
    installation.clear(DAILY, run_id, BUILD)
    assert installation.ended(run_id) == "success", installation.tasks(DAILY, run_id)
    assert installation.published != before
    assert_same_gold(installation.published, before)
