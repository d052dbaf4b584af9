"""A missed deadline: the day is not published by its hour. Airflow calls this in the triggerer."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from include.alerts import outbox
from include.alerts.anomalies import update
from include.alerts.lateness import late_day, late_mail, newest_due_day
from include.alerts.links import run_url
from include.alerts.recipients import readers
from include.alerts.snapshot import NothingPublishedError, stamp
from include.alerts.store import transaction
from include.errors import CartonCapsError
from include.settings import data_dir
from include.settings_list import value

if TYPE_CHECKING:
    from include.settings import Paths

log = logging.getLogger("carton_caps")

KEY = "publication:deadline"


def publish_by() -> timedelta:
    """How long after the end of its day the data must be published: CARTON_PUBLISH_BY hours.

    So 9 is 09:00 UTC of the next day. Raises CartonCapsError when it is no number of hours from 0 to 48.
    """
    text = value("CARTON_PUBLISH_BY")
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= 48:
        raise CartonCapsError(f"CARTON_PUBLISH_BY is {text!r}: give the hours after midnight UTC, such as 9 or 9.5.")
    return timedelta(hours=hours)


async def mail_missed_deadline(context: dict[str, Any]) -> str:
    """Airflow's callback; ``context`` names the run. The work waits for files and servers, so a thread does it."""
    from asgiref.sync import sync_to_async

    run = context["dag_run"]
    address = run_url(run["dag_id"], run.get("dag_run_id") or run["run_id"])
    return await sync_to_async(report_missed_deadline)(address)


def report_missed_deadline(run: str) -> str:
    """Queue and send the mail, unless the newest day that is due has been published; returns what was done."""
    from include.alerts.send import send_waiting

    if not queue_missed_deadline(data_dir(), datetime.now(UTC), run):
        return "Published meanwhile, or mailed before."
    return send_waiting(must_succeed=False).sentence


def queue_missed_deadline(paths: Paths, now: datetime, run: str) -> bool:
    """Queue the mail when the newest day due at ``now`` is not published; False when nothing is to be told.

    Backfills and re-runs of old days have deadlines in the past, so the newest due day counts, not the run's. Days that
    are late one after the other are one anomaly, which ends when a publication has caught up.
    """
    import duckdb

    missing = newest_due_day(now, publish_by())
    try:
        seen = stamp(paths)
    except (NothingPublishedError, duckdb.Error):  # a damaged snapshot is as good as none
        seen = None
    if seen and seen.last_day >= missing:
        return False
    with transaction(paths) as con:
        if not update(con, (late_day(KEY, missing),), missing, "deadline").found:
            return False
        due = datetime.combine(missing + timedelta(days=1), datetime.min.time()) + publish_by()
        mail = late_mail(missing, seen, f"it was due at {due:%Y-%m-%d %H:%M} UTC", now, run)
        outbox.put(con, mail, readers(KEY), "deadline")
    return True
