"""Which run a mail should lead to."""

from __future__ import annotations

from airflow.sdk import Context

from dags.shared.settings import GOLD_PUBLISHED


def publishing_run(context: Context) -> str:
    """The address of the run that published; of this run when a person started it."""
    from include.alerts.links import run_url

    events = (context.get("triggering_asset_events") or {}).get(GOLD_PUBLISHED) or ()
    for event in reversed(events):
        if event.source_dag_id and event.source_run_id:
            return run_url(event.source_dag_id, event.source_run_id)
    run = context["dag_run"]
    return run_url(run.dag_id, run.run_id)
