"""The questions of the referral view. Rates count mature invitations only; weeks are weeks of sending."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.snapshot import Snapshot

COHORTS_SHOWN = 26

OF_USER_TYPE = "($user_type is null or referrer_user_type = $user_type)"

_SENT = f"""
select
    count(*) filter (where sent_at::date between $start and $end) as sent,
    count(*) filter (where sent_at::date between $prev_start and $prev_end) as sent_before,
    count(*) filter (where applied_at::date between $start and $end) as applied,
    count(*) filter (where applied_at::date between $start and $end and is_within_48h) as applied_in_time,
    count(*) filter (where applied_at::date between $prev_start and $prev_end) as applied_before,
    count(*) filter (where applied_at::date between $prev_start and $prev_end and is_within_48h)
        as applied_in_time_before
from gold.fct_referral
where {OF_USER_TYPE}
"""

# The latest weeks of sending that are mature, as many as the period has, numbered backwards.
WEEKS = """
    select cohort_week, row_number() over (order by cohort_week desc) as weeks_back
    from gold.fct_referral_funnel_week
    where cohort_week <= $end
    group by cohort_week
    having bool_and(is_mature)
"""

_CONVERSION = f"""
with weeks as ({WEEKS}),
sends as (
    select funnel.*, weeks.weeks_back <= $weeks as is_now
    from gold.fct_referral_funnel_week as funnel
    inner join weeks on weeks.cohort_week = funnel.cohort_week
    where weeks.weeks_back <= 2 * $weeks and {OF_USER_TYPE}
)
select
    coalesce(sum(eligible) filter (where is_now), 0) as eligible,
    coalesce(sum(awarded) filter (where is_now), 0) as awarded,
    coalesce(sum(mature_sent) filter (where is_now), 0) as sent,
    coalesce(sum(eligible) filter (where not is_now), 0) as eligible_before,
    coalesce(sum(awarded) filter (where not is_now), 0) as awarded_before,
    coalesce(sum(mature_sent) filter (where not is_now), 0) as sent_before,
    min(cohort_week) filter (where is_now) as first_week,
    max(cohort_week) filter (where is_now) + 6 as last_day
from sends
"""

_FUNNEL = f"""
with weeks as ({WEEKS}),
sums as (
    select
        sum(mature_sent) as sent, sum(clicked) as clicked, sum(installed) as installed, sum(applied) as applied,
        sum(onboarded) as onboarded, sum(qualified) as qualified, sum(eligible) as eligible, sum(awarded) as awarded
    from gold.fct_referral_funnel_week
    where cohort_week in (select cohort_week from weeks where weeks_back <= $weeks) and {OF_USER_TYPE}
),
steps as (
    select
        unnest(['sent', 'clicked', 'installed', 'applied', 'onboarded', 'qualified', 'eligible', 'awarded']) as step,
        unnest([sent, clicked, installed, applied, onboarded, qualified, eligible, awarded]) as reached,
        unnest(range(8)) as step_number
    from sums
    where sent > 0
)
select
    step,
    reached,
    lag(reached) over (order by step_number) as reached_before,
    first_value(reached) over (order by step_number) as sent
from steps
order by step_number
"""

_CHANNELS = f"""
with weeks as ({WEEKS})
select
    channel,
    sum(mature_sent) as sent,
    sum(clicked) as clicked,
    sum(applied) as applied,
    sum(eligible) as eligible,
    sum(awarded) as awarded
from gold.fct_referral_funnel_week
where cohort_week in (select cohort_week from weeks where weeks_back <= $weeks) and {OF_USER_TYPE}
group by channel
having sum(mature_sent) > 0
order by sent desc, channel
"""

_SCHOOLS = """
select
    funnel.referrer_school_id as school_id,
    case funnel.referrer_school_id when -1 then 'No school known'
        else coalesce(schools.name, 'School ' || funnel.referrer_school_id) end as school,
    upper(schools.state) as state,
    funnel.mature_sent as sent,
    funnel.clicked,
    funnel.applied,
    funnel.eligible,
    funnel.awarded
from gold.fct_referral_funnel_school as funnel
left join gold.dim_school as schools on schools.school_id = funnel.referrer_school_id
where funnel.mature_sent > 0
order by sent desc, school, school_id
"""

_COHORTS = """
select cohort_week, sent, mature_sent, eligible, conversion, conversion_low, conversion_high, is_mature
from gold.fct_referral_conversion
where channel = 'all' and cohort_week between $end - 7 * $cohorts and $end
order by cohort_week
"""

_ENDINGS = """
select
    rule_outcome,
    case when rule_outcome = 'eligible' then award_state else 'none' end as award_state,
    sum(referrals) as referrals,
    sum(referrals) filter (where award_state = 'improper') as improper,
    bool_and(is_ended) as is_ended
from gold.fct_referral_ending
where cohort_week between $start - 6 and $end
group by 1, 2
order by referrals desc, rule_outcome, award_state
"""

_WINDOWS = """
select
    window_hours, is_in_force, mature_sent, eligible, conversion, eligible_change, bonus_usd::double as bonus_usd,
    bonus_change_usd::double as bonus_change_usd, raised_usd::double as raised_usd,
    raised_change_usd::double as raised_change_usd
from gold.fct_attribution_window
order by window_hours
"""

_HOURS = """
select hour_since_install, applications, applications_at_signup, applications_meeting_other_rules, eligible_applications
from gold.fct_application_hour
order by hour_since_install
"""

_LATENCIES = """
select stage_number, stage, began, finished, finished_share, hours_p25, hours_p50, hours_p75, hours_p90, hours_p95
from gold.fct_referral_latency
where channel = 'all'
order by stage_number
"""


def sent(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.Series:
    """Invitations sent and codes applied in the period and in the one before, those in time apart."""
    start, end = filters.previous
    period = {"start": filters.start, "end": filters.end, "prev_start": start, "prev_end": end}
    return snapshot.read(_SENT, period | {"user_type": filters.user_type}).iloc[0]


def conversion(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.Series:
    """Mature invitations of the latest mature weeks, those that became eligible and were awarded; and of the weeks
    before. Also first_week and last_day; null without any."""
    return snapshot.read(_CONVERSION, _weeks(filters)).iloc[0]


def funnel(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per step from `sent` to `awarded` of the same invitations: step, reached, reached_before, sent."""
    return snapshot.read(_FUNNEL, _weeks(filters))


def channels(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """The same invitations, one row per channel: sent, clicked, applied, eligible, awarded."""
    return snapshot.read(_CHANNELS, _weeks(filters))


def schools(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """All mature invitations on record, one row per school of the referrer when it was sent: school_id, school, state,
    sent, clicked, applied, eligible, awarded. -1 stands for referrers without a school.
    """
    return snapshot.read(_SCHOOLS)


def cohorts(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per week of sending, the latest 26 up to the end of the period, all channels and user types."""
    return snapshot.read(_COHORTS, {"end": filters.end, "cohorts": COHORTS_SHOWN})


def endings(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """How the invitations of the weeks that touch the period stand; each is in one row.

    Columns: rule_outcome, award_state (of eligible ones, else `none`), referrals, improper (paid all the same),
    is_ended.
    """
    return snapshot.read(_ENDINGS, {"start": filters.start, "end": filters.end})


def windows(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per length of the attribution window, over all mature invitations on record."""
    return snapshot.read(_WINDOWS)


def hours(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per hour since the first install, up to a week, over all people on record."""
    return snapshot.read(_HOURS)


def latencies(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per stage between two steps, over all mature invitations on record; hours."""
    return snapshot.read(_LATENCIES)


def _weeks(filters: Filters) -> dict[str, Any]:
    return {"end": filters.end, "weeks": -(-filters.days // 7), "user_type": filters.user_type}
