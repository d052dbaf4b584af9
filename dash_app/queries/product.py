"""The questions of the product view. Rates count mature units only; the weeks shown are the latest that are mature."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.snapshot import Snapshot

#: The longest way that a retention row is shown, in weeks since signup.
RETENTION_WEEKS = 12
COHORTS_SHOWN = 26
#: The week after signup by which one number speaks of retention.
WEEK_LATER = 4
#: What an onboarding rate may be split by.
SPLITS = ("platform", "marketing_channel", "user_type")

_ACTIVATION = """
with weeks as (
    select *, row_number() over (order by cohort_week desc) as weeks_back
    from gold.fct_activation_cohort
    where platform = 'all' and is_mature and is_observed and cohort_week <= $end
)
select
    coalesce(sum(activated_users) filter (where weeks_back <= $weeks), 0) as activated,
    coalesce(sum(mature_users) filter (where weeks_back <= $weeks), 0) as users,
    coalesce(sum(activated_users) filter (where weeks_back > $weeks), 0) as activated_before,
    coalesce(sum(mature_users) filter (where weeks_back > $weeks), 0) as users_before,
    min(cohort_week) filter (where weeks_back <= $weeks) as first_week,
    max(cohort_week) filter (where weeks_back <= $weeks) + 6 as last_day
from weeks
where weeks_back <= 2 * $weeks
"""

_SCANS = """
with weeks as (
    select week_start, row_number() over (order by week_start desc) as weeks_back
    from gold.fct_scan_funnel_week
    where week_start <= $end
    group by week_start
    having bool_and(is_mature)
),
scans as (
    select scans.*, weeks.weeks_back <= $weeks as is_now
    from gold.fct_scan_funnel_week as scans
    inner join weeks on weeks.week_start = scans.week_start
    where weeks.weeks_back <= 2 * $weeks
)
select
    coalesce(sum(completed_attempts) filter (where is_now), 0) as completed,
    coalesce(sum(submitted_attempts) filter (where is_now), 0) as submitted,
    coalesce(sum(mature_attempts) filter (where is_now), 0) as attempts,
    coalesce(sum(lost_for_good_usd) filter (where is_now), 0)::double as lost_usd,
    coalesce(sum(completed_attempts) filter (where not is_now), 0) as completed_before,
    coalesce(sum(mature_attempts) filter (where not is_now), 0) as attempts_before,
    coalesce(sum(lost_for_good_usd) filter (where not is_now), 0)::double as lost_usd_before,
    min(week_start) filter (where is_now) as first_week,
    max(week_start) filter (where is_now) + 6 as last_day
from scans
"""

# The weeks of signup that are mature for every step: one set of people goes through the whole funnel.
FUNNEL_WEEKS = """
    select cohort_week
    from gold.fct_onboarding_step
    where cohort_week <= $end
    group by cohort_week
    having bool_and(is_mature) and bool_and(is_observed)
    order by cohort_week desc
    limit $weeks
"""

_ONBOARDING = f"""
with weeks as ({FUNNEL_WEEKS}),
steps as (
    select steps.*
    from gold.fct_onboarding_step as steps
    inner join weeks on weeks.cohort_week = steps.cohort_week
    where $user_type is null or steps.user_type = $user_type
),
shown as (
    select 0 as step_number, 'signed_up' as step, sum(users) as reached from steps where step_number = 1
    union all
    select step_number, step, sum(reached_users) from steps group by step_number, step
)
select
    step,
    coalesce(reached, 0) as reached,
    lag(reached) over (order by step_number) as reached_before,
    first_value(reached) over (order by step_number) as entered,
    (select min(cohort_week) from weeks) as first_week,
    (select max(cohort_week) + 6 from weeks) as last_day
from shown
where reached is not null
order by step_number
"""

_ONBOARDING_BY = f"""
with weeks as ({FUNNEL_WEEKS}),
steps as (
    select steps.step, steps.users, steps.reached_users, split, value
    from (
        select
            *,
            unnest(['platform', 'marketing_channel', 'user_type']) as split,
            unnest([platform, marketing_channel, user_type]) as value
        from gold.fct_onboarding_step
        where cohort_week in (from weeks) and ($user_type is null or user_type = $user_type)
    ) as steps
)
select
    split,
    value,
    sum(users) filter (where step = 'onboarding_started') as signed_up,
    sum(reached_users) filter (where step = 'onboarding_completed') as onboarded,
    sum(reached_users) filter (where step = 'qualified') as qualified
from steps
group by split, value
order by list_position(['platform', 'marketing_channel', 'user_type'], split), signed_up desc, value
"""

_SCAN_WEEKS = """
select
    week_start,
    platform,
    sum(mature_attempts) as attempts,
    sum(submitted_attempts) as submitted,
    sum(completed_attempts) as completed,
    bool_and(is_mature) as is_mature
from gold.fct_scan_funnel_week
where week_start between $start - 6 and $end and platform <> 'unknown'
group by week_start, platform
having sum(mature_attempts) > 0
order by platform, week_start
"""

_FAILURES = """
select
    failure_reason,
    sum(failed_attempts) as failed_attempts,
    sum(followed_attempts) as followed_attempts,
    sum(lost_usd)::double as lost_usd,
    sum(lost_for_good_usd)::double as lost_for_good_usd
from gold.fct_scan_failure_week
where week_start between $start - 6 and $end
group by failure_reason
order by lost_for_good_usd desc, failure_reason
"""

_FIRST_ACTION = """
select action, day, users_at_risk, users_acting, incidence, incidence_low, incidence_high
from gold.fct_first_action_curve
where user_type = coalesce($user_type, 'all')
order by action, day
"""

_RETENTION = """
select
    cohort_week, week_number, users, mature_users, retained_users, retained_share, retained_share_low,
    retained_share_high, contributing_users, contributing_share, is_mature
from gold.fct_retention_week
where
    platform = 'all' and is_observed and mature_users > 0 and week_number <= $weeks_since
    and cohort_week between $end - 7 * $cohorts and $end
order by cohort_week, week_number
"""

_OPPORTUNITY = """
select
    step_number, step, base_days, units, passed_units, passed_share, passed_share_low, passed_share_high, extra_units,
    extra_scans, extra_scans_low, extra_scans_high, extra_raised_usd::double as extra_raised_usd,
    extra_raised_usd_low::double as extra_raised_usd_low, extra_raised_usd_high::double as extra_raised_usd_high
from gold.fct_step_opportunity
order by step_number
"""

_DRIVERS = """
select
    outcome, candidate, users, users_with, reached_with, share_with, users_without, reached_without, share_without,
    odds_ratio, odds_ratio_low, odds_ratio_high, p_value_adjusted, is_associated
from gold.fct_driver
order by outcome, candidate
"""


def activation(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.Series:
    """Activated and mature users of the latest mature weeks of signup, as many as the period has, and of those before.

    Also first_week and last_day of these weeks; null without any.
    """
    return snapshot.read(_ACTIVATION, _weeks(filters)).iloc[0]


def scans(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.Series:
    """Scan attempts of the latest mature weeks and of the weeks before: attempts, submitted, completed, lost_usd."""
    return snapshot.read(_SCANS, _weeks(filters)).iloc[0]


def onboarding(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per step, sign-up first, of the people who signed up in the latest weeks that are mature for every step.

    Columns: step, reached, reached_before (of the step before), entered, first_week and last_day of their signup.
    """
    return snapshot.read(_ONBOARDING, _weeks(filters) | {"user_type": filters.user_type})


def onboarding_by(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """The same people, one row per value of platform, marketing channel and user type.

    Columns: split, value, signed_up, onboarded, qualified.
    """
    return snapshot.read(_ONBOARDING_BY, _weeks(filters) | {"user_type": filters.user_type})


def scan_weeks(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per platform and week that touches the period: attempts (mature), submitted, completed, is_mature."""
    return snapshot.read(_SCAN_WEEKS, {"start": filters.start, "end": filters.end})


def failures(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per reason, most money first, of the weeks that touch the period.

    Columns: failure_reason, failed_attempts, followed_attempts, lost_usd, lost_for_good_usd.
    """
    return snapshot.read(_FAILURES, {"start": filters.start, "end": filters.end})


def first_action(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """The curves of ``gold.fct_first_action_curve`` for the user type: all people on record, whatever the period."""
    return snapshot.read(_FIRST_ACTION, {"user_type": filters.user_type})


def retention(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per week of signup (the latest 26 up to the end of the period) and week since, of everybody."""
    return snapshot.read(_RETENTION, {"end": filters.end, "weeks_since": RETENTION_WEEKS, "cohorts": COHORTS_SHOWN})


def opportunity(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per step of onboarding and scanning: what a point more of people passing it would bring in 90 days."""
    return snapshot.read(_OPPORTUNITY)


def drivers(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per outcome and early behaviour, over everybody on record; columns of ``gold.fct_driver``."""
    return snapshot.read(_DRIVERS)


def _weeks(filters: Filters) -> dict[str, Any]:
    return {"end": filters.end, "weeks": -(-filters.days // 7)}
