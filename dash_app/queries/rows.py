"""The rows that a number is made of, under the same filters: one row per purchase, person, invitation, and so on.

Each list adds up to the number it stands behind; ``sums`` says which columns do. Ids stand for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from dash_app.filters import Filters
from dash_app.formats import count, plural
from dash_app.queries.executive import supporter_windows
from dash_app.queries.narrowed import bound, facts, narrowing
from dash_app.queries.product import COHORTS_SHOWN, FUNNEL_WEEKS, WEEK_LATER
from dash_app.queries.referral import OF_USER_TYPE, WEEKS
from dash_app.queries.snapshot import Snapshot

#: A worker holds a file whole while it makes it: so many rows took 200 MB and three seconds (12 columns, one core).
ROWS_IN_FILE = 200_000

_PURCHASES = """
select purchase_id, purchased_at, purchase_date, user_id, school_id, located.state, product_id, quantity,
    amount_raised_usd::double as amount_raised_usd
from purchases
left join gold.dim_school as located using (school_id)
where purchase_date between $start and $end
order by purchase_date desc, purchase_id
"""

_SUPPORTERS = """
select user_id, count(*) as contributing_days, min(activity_date) as first_day, max(activity_date) as last_day,
    sum(scans_completed)::bigint as scans_completed, sum(purchases)::bigint as purchases
from user_days
where is_contributing and activity_date between $start and $end
group by user_id
order by contributing_days desc, user_id
"""

_NEW_USERS = """
select user_id, users.created_at, user_type, marketing_channel, acquired_via, referred_by_user_id, school_id,
    located.state, onboarded_at, first_qualifying_at
from users
left join gold.dim_school as located using (school_id)
where signup_date between $start and $end
order by users.created_at desc, user_id
"""

_SENT = """
select referral_id, sent_at, channel, referrer_user_id, referred_user_id, source_status, rule_outcome, award_state
from referrals
where sent_at::date between $start and $end
order by sent_at desc, referral_id
"""

_ONBOARDING = f"""
with weeks as ({FUNNEL_WEEKS})
select funnel.*, users.user_type
from gold.fct_onboarding_funnel as funnel
inner join gold.dim_user as users on users.user_id = funnel.user_id
where funnel.cohort_week in (from weeks) and ($user_type is null or users.user_type = $user_type)
order by funnel.signed_up_at desc, funnel.user_id
"""

_ACTIVATED = """
with weeks as (
    select cohort_week
    from gold.fct_activation_cohort
    where platform = 'all' and is_mature and is_observed and cohort_week <= $end
    order by cohort_week desc
    limit $weeks
)
select user_id, cohort_week, signed_up_at, first_qualifying_at, qualifying_action, is_activated, platform,
    marketing_channel
from gold.fct_onboarding_funnel
where cohort_week in (from weeks)
order by signed_up_at desc, user_id
"""

_RETAINED = f"""
with weeks as (
    select cohort_week
    from gold.fct_retention_week
    where platform = 'all' and week_number = {WEEK_LATER} and is_mature and is_observed and mature_users > 0
        and cohort_week between $end - 7 * {COHORTS_SHOWN} and $end
),
days as (
    select user_id, count(*) filter (where is_active) as active_days
    from gold.fct_user_day
    where days_since_signup between 7 * {WEEK_LATER} and 7 * {WEEK_LATER} + 6
    group by user_id
)
select funnel.user_id, funnel.cohort_week, funnel.signed_up_at, funnel.platform,
    coalesce(days.active_days, 0) as active_days, coalesce(days.active_days, 0) > 0 as is_retained
from gold.fct_onboarding_funnel as funnel
left join days on days.user_id = funnel.user_id
where funnel.cohort_week in (from weeks)
order by funnel.signed_up_at desc, funnel.user_id
"""

_SCANS = """
with weeks as (
    select week_start
    from gold.fct_scan_funnel_week
    where week_start <= $end
    group by week_start
    having bool_and(is_mature)
    order by week_start desc
    limit $weeks
)
select attempt_id, activity_date, user_id, started_at, submitted_at, completed_at, failed_at, outcome, failure_reason,
    platform, app_version, purchase_id
from gold.fct_scan_attempt
where date_trunc('week', activity_date)::date in (from weeks) and outcome <> 'open'
order by activity_date desc, attempt_id
"""

# Mature as fct_scan_failure_week counts them: the day of the attempt, 24 hours, and seven days for late rows.
_FAILURES = """
select attempt_id, activity_date, user_id, started_at, submitted_at, failed_at, outcome, failure_reason, platform,
    app_version
from gold.fct_scan_attempt
where date_trunc('week', activity_date)::date between $start - 6 and $end and outcome in ('failed', 'abandoned')
    and activity_date + 9 <= (select as_of from ops.snapshot)
order by activity_date desc, attempt_id
"""

_K = """
select network.user_id, users.created_at, users.user_type, users.acquired_via, network.invites_sent,
    network.direct_referrals, network.k_60 as new_users_in_60_days
from gold.fct_network_effects_user as network
inner join gold.dim_user as users on users.user_id = network.user_id
where network.k_60 is not null and ($user_type is null or users.user_type = $user_type)
order by network.k_60 desc, network.user_id
"""

_REFERRALS = f"""
select referral_id, sent_at, channel, referrer_user_id, referred_user_id, referrer_user_type, is_clicked, applied_at,
    is_within_48h, onboarded_at, qualified_at, eligible_at, rule_outcome, award_state
from gold.fct_referral
where {OF_USER_TYPE} and {{chosen}}
order by sent_at desc, referral_id
"""
_REFERRALS_SENT = _REFERRALS.format(chosen="sent_at::date between $start and $end")
_REFERRALS_APPLIED = _REFERRALS.format(chosen="applied_at::date between $start and $end")
_REFERRALS_MATURE = f"with weeks as ({WEEKS})" + _REFERRALS.format(
    chosen="cohort_week in (select cohort_week from weeks where weeks_back <= $weeks)"
)
_REFERRALS_OF_WEEKS = """
select referral_id, cohort_week, sent_at, channel, referrer_user_id, referred_user_id, rule_outcome,
    case when rule_outcome = 'eligible' then award_state else 'none' end as award_state
from gold.fct_referral
where cohort_week between $start - 6 and $end
order by rule_outcome, award_state, sent_at desc, referral_id
"""

_LEDGER = """
select entry_id, entry_at, entry_type, reward_type, user_id, referral_id, amount_usd::double as amount_usd,
    case when is_orphan then 0 else signed_amount_usd end::double as counted_usd, is_orphan, is_duplicate,
    is_eligible_at_award
from gold.fct_rewards
where entry_date between $start and $end
order by entry_at desc, entry_id
"""

_SIGNALS = """
select signal_id, detected_at, signal_type, kind, entity_type, entity_id, case_id, score, severity,
    amount_at_risk_usd::double as amount_at_risk_usd
from gold.fct_trust_safety_signals
where detected_at >= $start and detected_at < $end + 1
order by detected_at desc, signal_id
"""


class Behind(NamedTuple):
    """A list of rows and what of it adds up."""

    title: str
    """The number or figure they stand behind."""
    one: str
    """What a row is."""
    many: str
    sql: str
    sums: Mapping[str, str] = {}
    """Column of USD -> what its sum is called."""
    narrowed_by: tuple[str, ...] | None = None
    """The narrowing filters that the number follows; None: all that its view follows."""
    of: str = ""
    """The fact of ``queries.narrowed`` that the SQL reads."""


#: Name, which begins with its view, -> the rows.
BEHIND = {
    "executive-raised": Behind(
        "Money raised", "purchase", "purchases", _PURCHASES, {"amount_raised_usd": "raised for schools"},
        of="purchases",
    ),
    "executive-supporters": Behind(
        "Active supporters", "person active in 28 days", "people active in 28 days", _SUPPORTERS, of="user_days"
    ),
    "executive-new-users": Behind("New users", "person", "people", _NEW_USERS, of="users"),
    "executive-referrals": Behind("Referrals sent", "invitation", "invitations", _SENT, of="referrals"),
    "product-onboarding": Behind(
        "Onboarding", "person of the mature weeks", "people of the mature weeks", _ONBOARDING
    ),
    "product-activated": Behind(
        "Activation in 7 days", "person of the mature weeks", "people of the mature weeks", _ACTIVATED,
        narrowed_by=(),
    ),
    "product-retained": Behind(
        "Back in week 4", "person whose week 4 is over", "people whose week 4 is over", _RETAINED,
        narrowed_by=(),
    ),
    "product-scans": Behind(
        "Scans completed", "attempt of the mature weeks", "attempts of the mature weeks", _SCANS, narrowed_by=()
    ),
    "product-failures": Behind(
        "Why scans fail", "mature attempt of the weeks that touch the period",
        "mature attempts of the weeks that touch the period",
        _FAILURES, narrowed_by=(),
    ),
    "referral-sent": Behind("Referrals sent", "invitation", "invitations", _REFERRALS_SENT),
    "referral-applied": Behind("Codes applied", "invitation", "invitations", _REFERRALS_APPLIED),
    "referral-funnel": Behind(
        "From sent to awarded", "invitation of the mature weeks", "invitations of the mature weeks", _REFERRALS_MATURE
    ),
    "referral-endings": Behind(
        "How invitations stand", "invitation of the weeks that touch the period",
        "invitations of the weeks that touch the period", _REFERRALS_OF_WEEKS,
    ),
    "finance-ledger": Behind(
        "The reward ledger", "entry", "entries", _LEDGER, {"counted_usd": "is how much the balance moved"}
    ),
    "network-k": Behind(
        "K in 60 days", "person who has had 60 days, whatever the period",
        "people who have had 60 days, whatever the period", _K, narrowed_by=("user_type",),
    ),
    "trust-signals": Behind("Signals", "signal", "signals", _SIGNALS),
}  # fmt: skip


class TooManyRows(Exception):  # noqa: N818 - the message says what to do
    """More rows than ``ROWS_IN_FILE``."""


class Totals(NamedTuple):
    """What a list of rows adds up to."""

    rows: int
    sums: Mapping[str, float]
    """Column of USD, those of ``Behind.sums``, -> its sum."""


def behind(name: str, snapshot: Snapshot, filters: Filters, most: int | None = None) -> pd.DataFrame:
    """The rows behind ``name`` of ``BEHIND``, the first ``most`` or all; columns as in gold."""
    sql = _sql(name, filters)
    return snapshot.read(sql if most is None else f"{sql} limit {most}", _asked(name, sql, filters))


def totals(name: str, snapshot: Snapshot, filters: Filters) -> Totals:
    """Number and sums of all rows behind ``name``, counted where they are."""
    # DuckDB sorts the rows of a subquery even to count them: six million took more memory than a query has
    sql = _sql(name, filters).rpartition("order by")[0]
    sums = "".join(f", coalesce(sum({column}), 0) as {column}" for column in BEHIND[name].sums)
    found = snapshot.read(f"select count(*) as rows{sums} from ({sql})", _asked(name, sql, filters)).iloc[0]
    return Totals(int(found["rows"]), {column: float(found[column]) for column in BEHIND[name].sums})


def for_export(name: str, snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """All rows behind ``name``.

    Raises:
        TooManyRows: there are more than one file takes.
    """
    asked, there = BEHIND[name], totals(name, snapshot, filters).rows
    if there > ROWS_IN_FILE:
        raise TooManyRows(
            f"{plural(there, asked.one, asked.many)} are more rows than a file takes, {count(ROWS_IN_FILE)}. Choose a "
            "shorter period or a narrower filter."
        )
    return behind(name, snapshot, filters)


def _sql(name: str, filters: Filters) -> str:
    of = BEHIND[name].of
    return f"with {facts(filters, of)}{BEHIND[name].sql}" if of else BEHIND[name].sql


def _asked(name: str, sql: str, filters: Filters) -> dict[str, Any]:
    asked: dict[str, Any] = narrowing(filters) | {"weeks": -(-filters.days // 7)}
    if name == "executive-supporters":
        asked["start"] = supporter_windows(filters.end)[0]
    return bound(sql, asked)
