"""The mail about a failed run: which task, why in its own words, and how to go on."""

from __future__ import annotations

from collections.abc import Sequence

from include.alerts.failed_tasks import FailedTask
from include.alerts.links import run_url
from include.alerts.mail import Mail

RUNBOOK = "docs/runbook.md"
#: The scheduler's word for a run that took longer than its DAG allows.
TIMED_OUT = "timed_out"


def failure_mail(
    dag_id: str, run_id: str, failed: Sequence[FailedTask], last_task_id: str | None = None, reason: str = ""
) -> Mail:
    """The mail for one failed run. ``failed`` are the failures that its tasks left; a killed task leaves none.

    ``last_task_id`` and ``reason`` are what the scheduler knows, for a run of which no task left anything.
    """
    timed_out = not failed and reason == TIMED_OUT
    lines = [f"The run {run_id} of {dag_id} failed. The dashboard keeps the last good numbers."]
    for task in failed:
        lines += [f"Task {task.task_id}:", *(line.rstrip() for line in task.error.splitlines() if line.strip())]
    if timed_out:
        lines.append(
            "It was still running after the longest time that a run may take, and was ended. When what it built is "
            "published, nothing is lost. Is the triggerer up? The tasks that show what dbt did end there. Is a task "
            "queued that no worker takes?"
        )
    elif not failed:
        lines.append(
            f"No task left a reason ({reason or 'none given'}). Then its process was killed, for want of memory for "
            "example, or its machine went down. Nothing is half done: clear the failed task and the run goes on."
        )
    again = "the tasks that were skipped" if timed_out else "the failed task with its downstream tasks"
    lines.append(
        f"When the cause is mended, clear {again}. Step by step: {RUNBOOK}, or the DAG's description in Airflow."
    )
    run_page = run_url(dag_id, run_id)
    facts = [("DAG", dag_id), ("Run", run_id)]
    facts += [("Failed task", f"{task.task_id}, log: {run_page}/tasks/{task.task_id}") for task in failed]
    if not failed and last_task_id:
        facts.append(("Last task", last_task_id))
    facts.append(("Open the run", run_page))
    return Mail(subject=f"[Carton Caps] {dag_id} failed", lines=tuple(lines), facts=tuple(facts))
