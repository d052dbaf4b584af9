"""Figures that were published once and say something else now."""

from __future__ import annotations

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.snapshot import Snapshot

#: Figure -> its name, in the order in which finance asks; those in USD end with _usd.
MEASURES = {
    "liability_usd": "Owed",
    "awarded_usd": "Awarded",
    "redeemed_usd": "Redeemed",
    "withheld_usd": "Withheld",
    "unpaid_usd": "Due and unpaid",
    "amount_raised_usd": "Raised for schools",
    "purchases": "Purchases",
    "active_users": "Active users",
    "scans_completed": "Completed scans",
}

# A later build may change a figure again: it is compared with what was published first. Builds of one T have no order
# but that in which they were logged.
_RESTATED = """
with logged as (
    select *, row_number() over (order by as_of, rowid) as position
    from ops.restatements
    where activity_date between $start and $end
)
select
    activity_date as day,
    measure,
    arg_min(value_from, position)::double as published,
    arg_max(value_to, position)::double as now_value,
    count(*) as changes,
    string_agg(distinct why, ', ' order by why) as why,
    max(as_of)::date - 1 as data_to
from logged
group by activity_date, table_name, measure
having arg_min(value_from, position) <> arg_max(value_to, position)
order by day desc, list_position($measures, measure), measure
"""

_COLUMNS = ["day", "measure", "published", "now", "difference", "changes", "why", "data_to"]


def restated(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per day of the period and headline figure that has changed since its day was first published.

    Columns: day, measure, published (what it was first), now, difference (now - published; USD or a count), changes
    (how often it was changed), why (`late rows`, `correction`, `reprocess`, `policy`, several with commas), data_to
    (the last day of the data that changed it last). The newest day first.
    """
    if not snapshot.has("ops.restatements"):
        return pd.DataFrame(columns=_COLUMNS)
    rows = snapshot.read(_RESTATED, {"start": filters.start, "end": filters.end, "measures": tuple(MEASURES)}).rename(
        columns={"now_value": "now"}
    )
    rows["difference"] = rows["now"] - rows["published"]
    return rows[_COLUMNS]
