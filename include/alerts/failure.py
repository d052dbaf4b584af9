"""The mail about a failed run."""

from __future__ import annotations

import os
from urllib.parse import quote

from include.alerts.mail import Mail


def failure_mail(dag_id: str, run_id: str, task_id: str | None, reason: str) -> Mail:
    """Which run failed, where to look, and what it means for readers of the dashboard."""
    base = f"http://127.0.0.1:{os.environ.get('CARTON_AIRFLOW_PORT', '8080')}"
    facts = [("Run", run_id), ("Last task", task_id or "unknown"), ("Reason", reason or "see the task's log")]
    facts.append(("Open it", f"{base}/dags/{dag_id}/runs/{quote(run_id, safe='')}"))
    return Mail(
        subject=f"[Carton Caps] {dag_id} failed",
        lines=(
            f"The run {run_id} of {dag_id} failed.",
            "The dashboard keeps the last good numbers.",
            "The DAG's description in Airflow says how to mend it.",
        ),
        facts=tuple(facts),
    )
