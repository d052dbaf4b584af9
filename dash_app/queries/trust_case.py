"""One review case: its facts, its signals and referrals as rows, its people and what ties them together."""

from __future__ import annotations

import pandas as pd

from dash_app.queries.snapshot import Snapshot

#: More in one picture is a hairball that nobody reads.
PEOPLE_DRAWN = 60

_CASE = """
select * exclude (amount_at_risk_usd, expected_loss_usd), amount_at_risk_usd::double as amount_at_risk_usd,
    expected_loss_usd::double as expected_loss_usd
from gold.fct_review_case
where case_id = $case
"""

_SIGNALS = """
select
    signal_type, grade, kind, severity, score, entity_type, entity_id, detected_at, referrals,
    amount_at_risk_usd::double as amount_at_risk_usd, evidence_json, signal_id
from gold.fct_trust_safety_signals
where case_id = $case
order by score desc, signal_type, detected_at, signal_id
"""

_REFERRALS = """
with paid as (
    select referral_id, sum(signed_amount_usd)::double as paid_usd
    from gold.fct_rewards
    where entry_type in ('awarded', 'withheld')
    group by referral_id
)
select
    referrals.referral_id, referrals.referrer_user_id, referrals.referred_user_id, referrals.channel, referrals.sent_at,
    referrals.applied_at, referrals.qualifying_action, referrals.rule_outcome, referrals.award_state,
    coalesce(paid.paid_usd, 0) as paid_usd
from gold.fct_review_case_member as members
inner join gold.fct_referral as referrals on members.referral_id = referrals.referral_id
left join paid on referrals.referral_id = paid.referral_id
where members.case_id = $case
order by paid_usd desc, referrals.sent_at, referrals.referral_id
"""

# A mistake of the ledger has no people of its own: both sides of its referral are shown. Whom most hangs on, first.
_PEOPLE = """
with sides as (
    select referrals.referral_id, referrals.referrer_user_id, referrals.referred_user_id
    from gold.fct_review_case_member as members
    inner join gold.fct_referral as referrals on members.referral_id = referrals.referral_id
    where members.case_id = $case
),
found as (
    select user_id from gold.fct_review_case_member where case_id = $case and entity_type = 'user'
    union
    select referrer_user_id from sides
    union
    select referred_user_id from sides where referred_user_id is not null
),
active as (
    select user_id, count(*) filter (where is_active) as active_days, sum(scans_completed) as scans,
        max(activity_date) filter (where is_active) as last_active
    from gold.fct_user_day
    where user_id in (from found)
    group by user_id
)
select
    found.user_id, users.user_type, users.signup_date,
    (select count(*) from sides where sides.referrer_user_id = found.user_id) as invited,
    (select count(*) from sides where sides.referred_user_id = found.user_id) as invited_by,
    coalesce(active.active_days, 0)::bigint as active_days, coalesce(active.scans, 0)::bigint as scans,
    active.last_active, count(*) over () as people
from found
left join gold.dim_user as users on found.user_id = users.user_id
left join active on found.user_id = active.user_id
order by invited desc, found.user_id
"""

_TIES = """
select distinct
    referrals.referrer_user_id as low_user_id, referrals.referred_user_id as high_user_id, 'referral' as kind
from gold.fct_review_case_member as members
inner join gold.fct_referral as referrals on members.referral_id = referrals.referral_id
where members.case_id = $case and referrals.referred_user_id is not null
    and referrals.referred_user_id <> referrals.referrer_user_id
union all
select low_user_id, high_user_id, identifier_kind as kind
from gold.fct_trust_edge
order by kind desc, low_user_id, high_user_id
"""


def case(snapshot: Snapshot, case_id: str) -> pd.Series | None:
    """The case's row of fct_review_case, money in USD; None when there is none."""
    if not case_id.isascii():  # as every id is; half of a character cannot even be asked for
        return None
    found = snapshot.read(_CASE, {"case": case_id})
    return None if found.empty else found.iloc[0]


def signals(snapshot: Snapshot, case_id: str) -> pd.DataFrame:
    """One row per signal of the case, the weightiest first, with its evidence as JSON."""
    return snapshot.read(_SIGNALS, {"case": case_id})


def referrals(snapshot: Snapshot, case_id: str) -> pd.DataFrame:
    """One row per referral that the case is about: its two people, its ending, paid and not withheld in USD."""
    return snapshot.read(_REFERRALS, {"case": case_id})


def people(snapshot: Snapshot, case_id: str) -> pd.DataFrame:
    """One row per person of the case, whoever invited most first; ``people`` counts them all."""
    return snapshot.read(_PEOPLE, {"case": case_id})


def ties(snapshot: Snapshot, case_id: str, people: pd.DataFrame) -> pd.DataFrame:
    """One row per pair of these people and what ties them: ``referral`` (low_user_id invited), else what they share."""
    rows = snapshot.read(_TIES, {"case": case_id})
    return rows[rows["low_user_id"].isin(people["user_id"]) & rows["high_user_id"].isin(people["user_id"])]
