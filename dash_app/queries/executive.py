"""The questions of the executive view. Money belongs to the school linked when the purchase was made."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.narrowed import IN_SCHOOLS, PURCHASES, REFERRALS, USER_DAYS, USERS, narrowing
from dash_app.queries.snapshot import Snapshot

SUPPORTER_DAYS = 28
#: Longer periods are shown by week.
DAYS_SHOWN_DAILY = 31
#: A row may arrive that many days after its day and is then healed by the daily run.
LATE_DAYS = 7

_KPIS = f"""
with purchases as ({PURCHASES}),
users as ({USERS}),
user_days as ({USER_DAYS}),
referrals as ({REFERRALS}),
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
supported as (
    select
        count(distinct user_id) filter (where activity_date >= $supporters_from) as supporters,
        count(distinct user_id) filter (where activity_date < $supporters_from) as supporters_before,
        count(distinct user_id) filter (
            where activity_date >= $supporters_from and is_known_user and signup_date <= $end
        ) as known_supporters
    from user_days
    where is_contributing and activity_date between $supporters_prev_from and $end
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
        count(*) filter (where sent_date between $start and $end) as referrals,
        count(*) filter (where sent_date between $prev_start and $prev_end) as referrals_before
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

_TREND = f"""
with purchases as ({PURCHASES}),
user_days as ({USER_DAYS}),
days as (
    select unnest(generate_series($trend_from::date, $end::date, interval 1 day))::date as day
),
buckets as (
    select day, case when $by_week then date_trunc('week', day)::date else day end as bucket
    from days
),
spans as (
    select bucket, min(day) as first_day, max(day) as last_day, count(*) as days
    from buckets
    group by bucket
),
raised as (
    select bucket, sum(amount_raised_usd)::double as amount_raised_usd, count(*) as purchases
    from purchases
    inner join buckets on buckets.day = purchases.purchase_date
    group by bucket
),
active as (
    select bucket, count(distinct user_id) as active_users
    from user_days
    inner join buckets on buckets.day = user_days.activity_date
    where is_active
    group by bucket
)
select
    bucket as starts_on,
    first_day,
    last_day,
    coalesce(amount_raised_usd, 0) as amount_raised_usd,
    coalesce(purchases, 0) as purchases,
    coalesce(active_users, 0) as active_users,
    not $by_week or days = 7 as is_whole,
    case
        when $by_week and days < 7 then 'only part of this week is in the period'
        when last_day > $last_day::date - {LATE_DAYS} then 'rows may still arrive for up to {LATE_DAYS} days'
    end as provisional_because
from spans
left join raised using (bucket)
left join active using (bucket)
order by first_day
"""

_SCHOOLS = f"""
with purchases as ({PURCHASES}),
users as ({USERS}),
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
from gold.dim_school as schools
full join raised using (school_id)
full join linked using (school_id)
where ($state is null or upper(schools.state) = $state) and ($school is null or school_id = $school)
    and (school_id <> -1 or coalesce(purchases, linked_users) > 0)
order by amount_raised_usd desc, linked_users desc, school, school_id
"""

_STATES = f"""
with purchases as ({PURCHASES}),
users as ({USERS}),
raised as (
    select
        coalesce(upper(state), '') as state,
        sum(amount_raised_usd)::double as amount_raised_usd,
        count(*) as purchases,
        count(distinct user_id) as supporters
    from purchases
    where purchase_date between $start and $end
    group by 1
),
linked as (
    select coalesce(upper(state), '') as state, count(*) as linked_users
    from users
    where signup_date <= $end
    group by 1
),
located as (
    select coalesce(upper(state), '') as state, count(*) as schools
    from gold.dim_school as schools
    where school_id <> -1 and {IN_SCHOOLS}
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
    row = (
        snapshot.read(
            _KPIS,
            narrowing(filters)
            | {
                "prev_start": prev_start,
                "prev_end": prev_end,
                "supporters_from": supporters_from,
                "supporters_prev_from": supporters_prev_from,
            },
        )
        .iloc[0]
        .astype(float)
    )
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
    params = narrowing(filters) | {"trend_from": start, "last_day": bounds.last_day, "by_week": by_week}
    return snapshot.read(_TREND, {key: value for key, value in params.items() if key != "start"})


def schools(snapshot: Snapshot, filters: Filters, bounds: Bounds) -> pd.DataFrame:
    """One row per school, most money first; -1 stands for purchases of users without a school.

    Columns: school_id, school, city, state, amount_raised_usd, purchases and supporters (distinct buyers) of the
    period, linked_users (signed up by its end, by the school they are linked to now).
    """
    return snapshot.read(_SCHOOLS, narrowing(filters))


def states(snapshot: Snapshot, filters: Filters, bounds: Bounds) -> pd.DataFrame:
    """One row per state of a school, most money first; the empty state is what no school's address names.

    Columns: state, amount_raised_usd, purchases and supporters (distinct buyers) of the period, schools, linked_users.
    """
    return snapshot.read(_STATES, narrowing(filters))
