"""What the snapshot covers: its days, its size, when it was made."""

from __future__ import annotations

import pandas as pd

from dash_app.filters import Bounds
from dash_app.queries.snapshot import Snapshot

_BOUNDS = """
with facts as (
    select least(
        (select min(purchase_date) from gold.fct_purchase),
        (select min(activity_date) from gold.fct_user_day),
        (select min(sent_at)::date from gold.fct_referral)
    ) as facts_from
)
select
    (select as_of::date - 1 from ops.snapshot) as last_day,
    least(facts_from, (select min(signup_date) from gold.dim_user)) as first_day,
    facts_from
from facts
"""

_SCHOOLS = """
select school_id, concat_ws(', ', coalesce(name, 'School ' || school_id), city, upper(state)) as name
from gold.dim_school
where school_id <> -1
order by name, school_id
"""

_CHANNELS = "select distinct marketing_channel from gold.dim_user order by marketing_channel"

_SIZES = """
select
    (select count(*) from gold.dim_user) as users,
    (select count(*) from gold.dim_school where school_id <> -1) as schools,
    (select count(*) from gold.fct_purchase) as purchases,
    (select count(*) from gold.fct_user_day) as user_days,
    (select count(*) from gold.fct_referral) as referrals
"""

_DESCRIPTION = """
select description from ops.column_docs
where table_name = $table and column_name is not distinct from $column
"""


def bounds(snapshot: Snapshot) -> Bounds:
    """The days of which there is data, and what can be chosen. A snapshot without rows covers its last day only."""
    row = snapshot.read(_BOUNDS).iloc[0]
    last = row["last_day"].date()
    first = min(last, last if pd.isna(row["first_day"]) else row["first_day"].date())
    facts_from = last if pd.isna(row["facts_from"]) else row["facts_from"].date()
    schools = snapshot.read(_SCHOOLS)
    return Bounds(
        first,
        last,
        min(facts_from, last),
        dict(zip(schools["school_id"].tolist(), schools["name"], strict=True)),
        tuple(snapshot.read(_CHANNELS)["marketing_channel"]),
    )


def sizes(snapshot: Snapshot) -> pd.Series:
    """How much there is in all, whatever the filters: users, schools, purchases, user_days, referrals."""
    return snapshot.read(_SIZES).iloc[0]


def description(snapshot: Snapshot, table: str, column: str | None = None) -> str | None:
    """What the warehouse says of a column, or of a table; None when it says nothing."""
    if not snapshot.has("ops.column_docs"):
        return None
    found = snapshot.read(_DESCRIPTION, {"table": table, "column": column})
    return None if found.empty else str(found["description"].iloc[0])
