"""What a failure leaves behind: each failed task a note with its reason, the run one mail with all of them.

The mail is DAG-level: a task that is killed runs no callback of its own, its run does.
"""

from __future__ import annotations

from airflow.sdk import Context


def note_failure(context: Context) -> None:
    """Keep why a task failed, for the mail. Runs in the task's own process, after its last try."""
    from include.alerts.failed_tasks import FailedTask, leave_note
    from include.settings import data_dir

    task = context["ti"]
    failed = FailedTask(task.task_id, str(context.get("exception") or "no reason given"))
    leave_note(task.dag_id, task.run_id, failed, data_dir())


def mail_failure(context: Context) -> None:
    """Tell the recipients which run failed, at which tasks, why, and where to look. Runs in the DAG processor."""
    from include.alerts.failed_tasks import drop_notes, notes
    from include.alerts.failure import failure_mail
    from include.alerts.send import queue, recipients, send_waiting
    from include.settings import data_dir

    dag_id, run_id = context["dag"].dag_id, context["run_id"]
    last_task = context.get("ti")
    failed = notes(dag_id, run_id, data_dir())
    reason = str(context.get("reason", ""))
    queue(failure_mail(dag_id, run_id, failed, last_task.task_id if last_task else None, reason), recipients())
    # before the server is asked: a slow one may take longer than this process has
    drop_notes(dag_id, run_id, data_dir())
    send_waiting(must_succeed=False)
