"""The hour by which a day must be published."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference  # type: ignore[attr-defined] # not in its stub

from include.alerts.deadline import mail_missed_deadline, publish_by


def published_by(hour_of_run: int) -> DeadlineAlert:
    """A deadline for the daily run whose interval begins at ``hour_of_run``: CARTON_PUBLISH_BY hours after its day.

    The logical date is the beginning of the interval, on the day itself. A run of an old day has its deadline in the
    past and calls back at once; the callback then looks at the newest day that is due.
    """
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=timedelta(days=1) + publish_by() - timedelta(hours=hour_of_run),
        callback=AsyncCallback(mail_missed_deadline),
        name="published by its hour",
    )
