"""The mail that a failed run sends. DAG-level: a task that is killed sends no callback of its own, its run does."""

from __future__ import annotations

from airflow.sdk import Context


def mail_failure(context: Context) -> None:
    """Tell the recipients which run failed, at which tasks, and where to look. Runs in the DAG processor."""
    from include.alerts.failure import failure_mail
    from include.alerts.send import recipients, send

    run = context["dag_run"]
    task = context.get("ti")
    send(
        failure_mail(
            dag_id=run.dag_id,
            run_id=run.run_id,
            task_id=task.task_id if task else None,
            reason=str(context.get("reason") or ""),
        ),
        recipients(),
    )
