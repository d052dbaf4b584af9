"""Which landing day a run is about."""

from __future__ import annotations

from datetime import date

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException


def data_date(context: Context) -> date:
    """The landing day of a run of a daily DAG: the day of its logical date, in UTC.

    The run that fires on day D + 1 has the data interval from day D to day D + 1, and its logical date is the
    interval's start: day D, whether the scheduler, a backfill or a person with a chosen date started it.

    Raises AirflowFailException for a run without a logical date, as a manual trigger makes when its date is cleared.
    """
    moment = context.get("logical_date")
    if moment is None:
        raise AirflowFailException(
            "This run has no logical date, so it belongs to no day. Trigger it again with the logical date set to the "
            "day to process, or use carton_caps_reprocess for a range of days."
        )
    return date(moment.year, moment.month, moment.day)
