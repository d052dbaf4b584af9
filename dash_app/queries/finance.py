"""The questions of the finance view. Money in USD; days are UTC."""

from __future__ import annotations

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.snapshot import Snapshot

#: How much of the past stands before a forecast.
PAST_DAYS = 90

_TOTALS = """
select measure, horizon_days, last_date, expected::double as expected, lower_80::double as lower_80,
    upper_80::double as upper_80, lower_95::double as lower_95, upper_95::double as upper_95, model
from gold.fct_reward_forecast_total
order by measure, horizon_days
"""

_FORECAST = """
select forecast_date as day, 'forecast' as part, expected::double as usd, lower_80::double as lower_80,
    upper_80::double as upper_80, lower_95::double as lower_95, upper_95::double as upper_95
from gold.fct_reward_forecast_day
where measure = 'liability_usd'
union all
select activity_date, 'past', liability_usd::double, null, null, null, null
from gold.fct_liability_day
where activity_date > (select max(activity_date) from gold.fct_liability_day) - $past_days
order by day
"""

_LIABILITY = """
select activity_date, closing_usd::double as closing_usd, unpaid_usd::double as unpaid_usd, unpaid_rewards,
    liability_usd::double as liability_usd
from gold.fct_liability_day
where activity_date in ($end, $start - 1)
order by activity_date desc
"""

_ROLL_FORWARD = """
select
    reward_type,
    coalesce(sum(opening_usd) filter (where entry_date = first_day), 0)::double as opening_usd,
    sum(awarded_usd)::double as awarded_usd,
    sum(redeemed_usd)::double as redeemed_usd,
    sum(withheld_usd)::double as withheld_usd,
    coalesce(sum(closing_usd) filter (where entry_date = last_day), 0)::double as closing_usd
from (
    select *, min(entry_date) over () as first_day, max(entry_date) over () as last_day
    from gold.fct_reward_balance_day
    where entry_date between $start and $end
) as days
group by reward_type
order by reward_type desc
"""

_FLOWS = """
select
    case when $by_week then date_trunc('week', activity_date)::date else activity_date end as starts_on,
    sum(awarded_usd)::double as awarded_usd,
    sum(redeemed_usd)::double as redeemed_usd,
    sum(withheld_usd)::double as withheld_usd
from gold.fct_liability_day
where activity_date between $start and $end
group by starts_on
order by starts_on
"""

_SCORES = """
select model, horizon_days, rank, is_published, origins, forecasts, wape, bias, interval_score, covered_80, coverage_80,
    coverage_80_low, coverage_80_high
from gold.fct_forecast_score
where measure = 'all'
order by horizon_days, rank
"""

_COSTS = """
select
    acquired_via,
    channel,
    sum(acquired_users)::bigint as acquired_users,
    sum(active_users)::bigint as active_users,
    case when count(cost_usd) = count(*) then sum(cost_usd)::double end as cost_usd,
    min(cohort_month) as first_month,
    max(cohort_month) as last_month
from gold.fct_acquisition_cost
where is_mature and cohort_month <= $end
group by acquired_via, channel
order by acquired_via = 'referral' desc, acquired_users desc, channel
"""


def totals(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """Nine rows, measure by horizon, as ``gold.fct_reward_forecast_total`` has them."""
    return snapshot.read(_TOTALS)


def forecast(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """What is owed, by day: 90 past days (part `past`) and 90 days ahead with their intervals (part `forecast`)."""
    return snapshot.read(_FORECAST, {"past_days": PAST_DAYS})


def liability(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """What was owed on the last evening of the period and on the one before it began, the later first."""
    return snapshot.read(_LIABILITY, {"start": filters.start, "end": filters.end})


def roll_forward(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per side: opening + awarded - redeemed - withheld = closing, over the period."""
    return snapshot.read(_ROLL_FORWARD, {"start": filters.start, "end": filters.end})


def flows(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per day of the period, per week when it is longer than 31 days: awarded, redeemed, withheld."""
    return snapshot.read(_FLOWS, {"start": filters.start, "end": filters.end, "by_week": filters.days > 31})


def scores(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per model and horizon, 0 for all of them: how good forecasts from past days were."""
    return snapshot.read(_SCORES)


def costs(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per way of acquisition and channel, over the months of signup that are mature by the end of the period.

    Columns: acquired_via, channel, acquired_users, active_users, cost_usd (null where a month's is unknown),
    first_month, last_month.
    """
    return snapshot.read(_COSTS, {"end": filters.end})
