"""The questions of the executive view. Money belongs to the school linked when the purchase was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.narrowed import bound, facts, narrowing
from dash_app.queries.snapshot import Snapshot

SUPPORTER_DAYS = 28
#: Longer periods are shown by week.
DAYS_SHOWN_DAILY = 31
#: A row may arrive that many days after its day and is then healed by the daily run.
LATE_DAYS = 7

_KPIS = """
bought as (
    select
        coalesce(sum(amount_raised_usd) filter (where purchase_date between $start and $end), 0)::double as raised,
        coalesce(sum(amount_raised_usd) filter (where purchase_date between $prev_start and $prev_end), 0)::double
            as raised_before,
        count(*) filter (where purchase_date between $start and $end) as purchases,
        count(*) filter (where purchase_date between $prev_start and $prev_end) as purchases_before
    from purchases
    where purchase_date between $prev_start and $end
),
contributed as (
    select
        user_id,
        bool_or(activity_date >= $supporters_from) as is_supporter,
        bool_or(activity_date < $supporters_from) as was_supporter
    from user_days
    where is_contributing and activity_date between $supporters_prev_from and $end
    group by user_id
),
supported as (
    select
        count(*) filter (where is_supporter) as supporters,
        count(*) filter (where was_supporter) as supporters_before,
        count(*) filter (where is_supporter and known.signup_date <= $end) as known_supporters
    from contributed
    left join gold.dim_user as known using (user_id)
),
joined as (
    select
        count(*) filter (where signup_date between $start and $end) as new_users,
        count(*) filter (where signup_date between $prev_start and $prev_end) as new_users_before,
        count(*) filter (where signup_date <= $end) as users
    from users
),
sent as (
    select
        count(*) filter (where sent_at::date between $start and $end) as referrals,
        count(*) filter (where sent_at::date between $prev_start and $prev_end) as referrals_before
    from referrals
)
select
    raised,
    raised_before,
    supporters,
    supporters_before,
    known_supporters,
    users,
    new_users,
    new_users_before,
    purchases,
    purchases_before,
    referrals,
    referrals_before
from bought, supported, joined, sent
"""

# Buckets are numbered from 0. A user's active buckets are the bits of whole numbers, 60 in each: to count the distinct
# users of 26 weeks in 7 million user days takes half as long that way, with a group per user and not per user and week.
_TREND = f"""
days as (
    select unnest(generate_series($trend_from::date, $end::date, interval 1 day))::date as day
),
spans as (
    select
        (day - $first_start::date) // $bucket_days as bucket, min(day) as first_day, max(day) as last_day,
        count(*) as days
    from days
    group by bucket
),
raised as (
    select
        (purchase_date - $first_start::date) // $bucket_days as bucket,
        sum(amount_raised_usd)::double as amount_raised_usd,
        count(*) as purchases
    from purchases
    where purchase_date between $trend_from and $end
    group by bucket
),
active_days as (
    select user_id, (activity_date - $first_start::date) // $bucket_days as bucket
    from user_days
    where is_active and activity_date between $trend_from and $end
),
marked as (
    select user_id, bucket // 60 as sixty, bit_or(1::bigint << (bucket % 60)::bigint) as bits
    from active_days
    group by user_id, sixty
),
active as (
    select 60 * sixty + place as bucket, count(*) as active_users
    from marked, range(least(60, $buckets)::bigint) as places (place)
    where bits & (1::bigint << place) <> 0
    group by bucket
)
select
    ($first_start::date + ($bucket_days * bucket)::integer) as starts_on,
    first_day,
    last_day,
    coalesce(amount_raised_usd, 0) as amount_raised_usd,
    coalesce(purchases, 0) as purchases,
    coalesce(active_users, 0) as active_users,
    days = $bucket_days as is_whole,
    case
        when days < $bucket_days then 'only part of this week is in the period'
        when last_day > $last_day::date - {LATE_DAYS} then 'rows may still arrive for up to {LATE_DAYS} days'
    end as provisional_because
from spans
left join raised using (bucket)
left join active using (bucket)
order by first_day
"""

_SCHOOLS = """
raised as (
    select
        school_id,
        sum(amount_raised_usd)::double as amount_raised_usd,
        count(*) as purchases,
        count(distinct user_id) as supporters
    from purchases
    where purchase_date between $start and $end
    group by school_id
),
linked as (select school_id, count(*) as linked_users from users where signup_date <= $end group by school_id)
select
    school_id,
    case school_id when -1 then 'No school known' else coalesce(schools.name, 'School ' || school_id) end as school,
    schools.city,
    upper(schools.state) as state,
    coalesce(amount_raised_usd, 0) as amount_raised_usd,
    coalesce(purchases, 0) as purchases,
    coalesce(supporters, 0) as supporters,
    coalesce(linked_users, 0) as linked_users
from schools
full join raised using (school_id)
full join linked using (school_id)
where school_id <> -1 or coalesce(purchases, linked_users) > 0
order by amount_raised_usd desc, linked_users desc, school, school_id
"""

_STATES = """
places as (select school_id, coalesce(upper(state), '') as state from gold.dim_school),
bought as (
    select school_id, user_id, sum(amount_raised_usd) as raised_usd, count(*) as purchases
    from purchases
    where purchase_date between $start and $end
    group by school_id, user_id
),
bought_in as (
    select coalesce(state, '') as state, user_id, sum(raised_usd) as raised_usd, sum(purchases) as purchases
    from bought
    left join places using (school_id)
    group by 1, user_id
),
raised as (
    select
        state,
        sum(raised_usd)::double as amount_raised_usd,
        sum(purchases)::bigint as purchases,
        count(*) as supporters
    from bought_in
    group by state
),
linked as (
    select coalesce(state, '') as state, count(*) as linked_users
    from users
    left join places using (school_id)
    where signup_date <= $end
    group by 1
),
located as (
    select coalesce(upper(state), '') as state, count(*) as schools
    from schools
    where school_id <> -1
    group by 1
)
select
    state,
    coalesce(amount_raised_usd, 0) as amount_raised_usd,
    coalesce(purchases, 0) as purchases,
    coalesce(supporters, 0) as supporters,
    coalesce(schools, 0) as schools,
    coalesce(linked_users, 0) as linked_users
from raised
full join linked using (state)
full join located using (state)
order by amount_raised_usd desc, linked_users desc, state
"""


def kpis(snapshot: Snapshot, filters: Filters, bounds: Bounds) -> pd.Series:
    """The numbers of the cards, each with its value in the period before.

    raised, purchases, new_users and referrals are of the period; supporters are distinct users with a completed scan or
    a purchase in the 28 days up to its end, known_supporters those of them among ``users`` (signed up by the end of the
    period). ``*_before`` is of ``Filters.previous``, for supporters of the 28 days before; NaN where the data does not
    reach back that far. USD and counts.
    """
    prev_start, prev_end = filters.previous
    supporters_from, supporters_prev_from = supporter_windows(filters.end)
    windows = {
        "prev_start": prev_start,
        "prev_end": prev_end,
        "supporters_from": supporters_from,
        "supporters_prev_from": supporters_prev_from,
    }
    rows = _read(snapshot, filters, _KPIS, ("purchases", "users", "user_days", "referrals"), windows)
    row = rows.iloc[0].astype(float)
    if prev_start < bounds.facts_from:
        row[["raised_before", "purchases_before", "new_users_before", "referrals_before"]] = float("nan")
    if supporters_prev_from < bounds.facts_from:
        row["supporters_before"] = float("nan")
    return row


def supporter_windows(end: date) -> tuple[date, date]:
    """First days of the 28 days up to ``end`` and of the 28 days before those."""
    start = end - timedelta(days=SUPPORTER_DAYS - 1)
    return start, start - timedelta(days=SUPPORTER_DAYS)


def trend(snapshot: Snapshot, filters: Filters, bounds: Bounds) -> pd.DataFrame:
    """One row per UTC day, or per week from Monday on when the period is longer than 31 days.

    Days without rows are zeros.

    Columns: starts_on (the day, or the Monday of the week), first_day and last_day (what of it is in the period),
    amount_raised_usd, purchases, active_users (distinct within the row, never to be added up), is_whole (false for a
    week that the period cuts), provisional_because (why the row is not complete yet, else null).
    """
    by_week = filters.days > DAYS_SHOWN_DAILY
    start = min(max(filters.start, bounds.facts_from), filters.end)
    first_start = start - timedelta(days=start.weekday()) if by_week else start
    bucket_days = 7 if by_week else 1
    params = {
        "trend_from": start,
        "first_start": first_start,
        "bucket_days": bucket_days,
        "buckets": (filters.end - first_start).days // bucket_days + 1,
        "last_day": bounds.last_day,
    }
    return _read(snapshot, filters, _TREND, ("purchases", "user_days"), params)


def schools(snapshot: Snapshot, filters: Filters, bounds: Bounds) -> pd.DataFrame:
    """One row per school, most money first; -1 stands for purchases of users without a school.

    Columns: school_id, school, city, state, amount_raised_usd, purchases and supporters (distinct buyers) of the
    period, linked_users (signed up by its end, by the school they are linked to now).
    """
    return _read(snapshot, filters, _SCHOOLS, ("purchases", "users", "schools"))


def states(snapshot: Snapshot, filters: Filters, bounds: Bounds) -> pd.DataFrame:
    """One row per state of a school, most money first; the empty state is what no school's address names.

    Columns: state, amount_raised_usd, purchases and supporters (distinct buyers) of the period, schools, linked_users.
    """
    return _read(snapshot, filters, _STATES, ("purchases", "users", "schools"))


def _read(
    snapshot: Snapshot, filters: Filters, sql: str, of: Sequence[str], params: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """The rows of ``sql``, which follows the CTEs of the facts ``of``."""
    whole = f"with {facts(filters, *of)},\n{sql}"
    return snapshot.read(whole, bound(whole, narrowing(filters) | {**(params or {})}))
