"""Load and rebuild a range of landing days in one pass, then publish: repair, bootstrap, full refresh.

**When.** By hand, with the form: for days whose files were mended or arrived late beyond the daily window (the mail and
`status` print the range), after a change of policy (full refresh), or to publish in spite of a blocked delivery.

**Who to ask.** The owner of the tasks (`data-platform`); before a delivery is accepted, the source's team.

**Safe beside the daily run.** They take turns at the warehouse task by task, and each builds on all that is loaded.

**When it fails.** Nothing is published, the last snapshot keeps serving, and a mail says which task failed and why.
Mend the cause and clear the failed task with its downstream tasks, as in `carton_caps_daily`; a failed run of a wrong
range may as well be left, and a new one triggered. `docs/runbook.md` has each case step by step.
"""

from __future__ import annotations

from datetime import date

from airflow.sdk import Context, Param, dag
from airflow.sdk.exceptions import AirflowFailException

from dags.shared.chain import Request, load_to_publish
from dags.shared.settings import DAG_OPTIONS

# Airflow asks each run for every parameter without a default, also a run that began before an upgrade added one: give a
# new parameter a default.
FORM = {
    "start": Param(type="string", format="date", title="First landing day", description="YYYY-MM-DD, included"),
    "end": Param(type="string", format="date", title="Last landing day", description="YYYY-MM-DD, included"),
    "full_refresh": Param(
        False,
        type="boolean",
        title="Full refresh",
        description="Build every table from scratch, whatever the days. Needed after a change of policy or columns.",
    ),
    "accept_quarantine": Param(
        [],
        type="array",
        items={"type": "string"},
        title="Publish in spite of",
        description="Blocked deliveries to accept, one TABLE:YYYY-MM-DD each, or `all`. Recorded with the load.",
    ),
}


def asked_days(context: Context) -> Request:
    """The days of the form."""
    form = context["params"]
    start, end = date.fromisoformat(form["start"]), date.fromisoformat(form["end"])
    if start > end:
        raise AirflowFailException(
            f"The first day {start} is after the last day {end}. Trigger again with both swapped."
        )
    return Request(start, end, "reprocess", bool(form["full_refresh"]), tuple(form["accept_quarantine"]))


@dag(schedule=None, params=FORM, tags=["repair", "warehouse"], doc_md=__doc__, **DAG_OPTIONS)
def carton_caps_reprocess() -> None:
    """The same chain as the daily run, for the days of the form."""
    load_to_publish(asked_days)


carton_caps_reprocess()
