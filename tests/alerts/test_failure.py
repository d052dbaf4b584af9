from __future__ import annotations

from pathlib import Path

import pytest

from include.alerts.failed_tasks import FailedTask, drop_notes, leave_note, notes
from include.alerts.failure import failure_mail
from include.settings import Paths

DAG, RUN = "carton_caps_daily", "manual__2026-03-02/by Ann"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path)


def test_the_mail_says_what_each_failed_task_said_and_where_to_go():
    failed = [FailedTask("load", "Landing day 2026-03-02 is not complete.\nWait for the source.")]
    text = failure_mail(DAG, RUN, failed).text
    assert "Task load:" in text
    assert "Landing day 2026-03-02 is not complete." in text
    assert "Wait for the source." in text
    assert "clear the failed task with its downstream tasks" in text
    assert "docs/runbook.md" in text
    assert "/dags/carton_caps_daily/runs/manual__2026-03-02%2Fby%20Ann/tasks/load" in text


def test_a_run_whose_task_was_killed_says_so_and_names_the_last_task():
    text = failure_mail(DAG, RUN, [], last_task_id="dbt.build", reason="task_failure").text
    assert "No task left a reason (task_failure)" in text
    assert "its process was killed" in text
    assert "dbt.build" in text


def test_a_run_that_took_too_long_is_not_told_as_a_killed_task():
    text = failure_mail(DAG, RUN, [], reason="timed_out").text
    assert "longest time that a run may take" in text
    assert "triggerer" in text
    assert "clear the tasks that were skipped" in text
    assert "killed" not in text
    assert "failed task" not in text


def test_notes_belong_to_one_run_are_told_in_order_and_are_forgotten_once_mailed(paths: Paths):
    first, second = FailedTask("load", "too broken"), FailedTask("publish", "refused")
    leave_note(DAG, RUN, FailedTask("load", "an earlier try"), paths)
    leave_note(DAG, RUN, first, paths)
    leave_note(DAG, RUN, second, paths)
    leave_note(DAG, "another run", FailedTask("load", "not ours"), paths)
    assert notes(DAG, RUN, paths) == (first, second)
    drop_notes(DAG, RUN, paths)
    assert notes(DAG, RUN, paths) == ()
    assert len(notes(DAG, "another run", paths)) == 1
