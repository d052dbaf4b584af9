"""The questions of the network view about K: how many new users a user brings, where that breaks, who brings whom.

A user type narrows the rows of K. The other figures are of everybody.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.snapshot import Snapshot

_SEGMENT = """
    segment = case when $user_type is null then 'all' else 'user_type' end
    and segment_value = coalesce($user_type, 'all')
"""

_K = f"""
select
    window_days, users, mature_users, inviters, invitations, applications, offspring, k, k_low, k_high,
    inviter_share, invitations_per_inviter, application_rate, eligibility_rate
from gold.fct_k
where cohort_grain = 'all' and {_SEGMENT}
order by window_days
"""

_ON_RECORD = """
select mature_users, offspring, k
from gold.fct_k
where cohort_grain = 'all' and segment = 'signup_time' and segment_value = 'on record' and window_days = 60
"""

#: Factor of K -> what it is a quotient of.
_MADE_OF = {
    "inviter_share": ("inviters", "mature_users"),
    "invitations_per_inviter": ("invitations", "inviters"),
    "application_rate": ("applications", "invitations"),
    "eligibility_rate": ("offspring", "applications"),
}


def _made_of(cohort: str, prefix: str) -> str:
    """Columns numerator and denominator of the row's factor, in the cohort ``now`` or ``before``."""
    columns = []
    for part, column in enumerate(("numerator", "denominator")):
        whens = " ".join(f"when '{factor}' then {cohort}.{of[part]}" for factor, of in _MADE_OF.items())
        columns.append(f"case changes.factor {whens} end as {prefix}{column}")
    return ", ".join(columns)


# Months say more than weeks, once two of them are mature.
_CHANGE = f"""
with changes as (
    select * from gold.fct_k_change
    where window_days = 60 and {_SEGMENT} and cohort_start <= $end
),
latest as (
    select cohort_grain, max(cohort_start) as cohort_start from changes
    group by cohort_grain
    order by cohort_grain = 'month' desc
    limit 1
),
cohorts as (
    select * from gold.fct_k
    where window_days = 60 and {_SEGMENT}
)
select
    changes.factor_number, changes.factor, changes.previous_value, changes.value, changes.contribution,
    changes.is_where_it_broke, changes.cohort_grain, changes.cohort_start, changes.previous_cohort_start,
    now.k, now.k_low, now.k_high, now.offspring, now.mature_users,
    before.k as previous_k, before.k_low as previous_k_low, before.k_high as previous_k_high,
    before.offspring as previous_offspring, before.mature_users as previous_mature_users,
    {_made_of("now", "")}, {_made_of("before", "previous_")}
from changes
inner join latest using (cohort_grain, cohort_start)
inner join cohorts as now
    on changes.cohort_grain = now.cohort_grain and changes.cohort_start = now.cohort_start
inner join cohorts as before
    on changes.cohort_grain = before.cohort_grain and changes.previous_cohort_start = before.cohort_start
order by changes.factor_number
"""

_GENERATIONS = """
select
    generation, users, users_this_deep, all_users, mature_users, offspring, k, k_low, k_high, fall_p_value,
    is_first_fall
from gold.fct_k_generation
where window_days = 60
order by generation
"""

_NEXT_GENERATION = """
select
    from_type, to_type, mature_users, offspring, offspring_per_user, offspring_per_user_low, offspring_per_user_high,
    elasticity, programme_r
from gold.fct_next_generation
where window_days = 60
order by elasticity desc nulls last, from_type, to_type
"""

_REPRODUCTION = """
select activity_date, offspring_28d, due_28d, r_28d, r_28d_low, r_28d_high, is_mature
from gold.fct_reproduction_day
where activity_date between $start and $end and r_28d is not null
order by activity_date
"""


def k(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per window, 30, 60 and 90 days: K of all mature users, its interval and its factors."""
    return snapshot.read(_K, {"user_type": filters.user_type})


def on_record(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """At most one row, K_60 of the users who signed up since the first day on record: mature_users, offspring, k."""
    return snapshot.read(_ON_RECORD)


def change(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per factor: what it adds to the change of K_60 between the two latest mature cohorts of signups.

    Both cohorts stand in every row, with K, interval, offspring, mature users, and numerator and denominator of the
    factor; those before as ``previous_``. Without two cohorts up to the end of the period there is no row.
    """
    return snapshot.read(_CHANGE, {"user_type": filters.user_type, "end": filters.end})


def generations(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per generation of the referral forest, from those whom nobody referred: K_60 with its interval."""
    return snapshot.read(_GENERATIONS)


def next_generation(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per pair of user types, the link that is most worth improving first; programme_r in every row."""
    return snapshot.read(_NEXT_GENERATION)


def reproduction(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per day of the period: R over the 28 days up to it, with its interval."""
    days: dict[str, Any] = {"start": filters.start, "end": filters.end}
    return snapshot.read(_REPRODUCTION, days)
