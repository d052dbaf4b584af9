"""The questions of the trust view about all cases: the queue, what was decided, what is owed, how good the rules are.

All of them are of the moment T, whatever the period.
"""

from __future__ import annotations

import pandas as pd

from dash_app.queries.snapshot import Snapshot
from dash_app.trust_view import TrustView

_KPIS = """
select
    count(*) filter (where state = 'open') as open_cases,
    coalesce(sum(amount_at_risk_usd) filter (where state = 'open'), 0)::double as open_usd,
    coalesce(sum(expected_loss_usd) filter (where state = 'open'), 0)::double as expected_loss_usd,
    count(*) filter (where state = 'open' and amount_at_risk_usd > 0) as open_with_money,
    count(*) filter (where has_news_since_decision) as news,
    count(*) filter (where state = 'confirmed') as confirmed,
    count(*) filter (where state = 'cleared') as cleared,
    count(*) filter (where state = 'held') as held,
    coalesce(sum(amount_at_risk_usd) filter (where state = 'confirmed'), 0)::double as confirmed_usd,
    (select count(*) from gold.fct_review_decision where not is_known_case) as on_gone_cases,
    (select count(*) from gold.fct_overdue_reward where waiting_on = 'system') as late_rewards,
    (select coalesce(sum(amount_usd), 0)::double from gold.fct_overdue_reward where waiting_on = 'system') as late_usd
from gold.fct_review_case
"""

_QUEUE = """
select
    case_id, case_type, case_kind, state, has_news_since_decision, reasons, score, severity, signals, users, referrals,
    amount_at_risk_usd::double as amount_at_risk_usd, expected_loss_usd::double as expected_loss_usd,
    first_detected_at, last_detected_at, queue_position, decided_at, decision_reason
from gold.fct_review_case
where ($status = 'all' or state = $status or ($status = 'news' and has_news_since_decision))
    and ($kind = 'all' or case_kind = $kind)
order by queue_position nulls last, expected_loss_usd desc, score desc, case_id
"""

_OVERDUE = """
select
    waiting_on, missing_step, age_bucket, referral_id, reward_type, user_id, amount_usd::double as amount_usd,
    pending_since, late_since, hours_late / 24 as days_late,
    (
        select min(case_id) from gold.fct_review_case_member as members
        where members.referral_id = overdue.referral_id
    ) as case_id
from gold.fct_overdue_reward as overdue
order by list_position(['system', 'held', 'user'], waiting_on), pending_since, referral_id, reward_type
"""

_RULES = """
select
    signal_type, kind, cases, cases_by_it_alone, cases_decided, cases_confirmed, confirmed_share_low,
    confirmed_share_high, amount_at_risk_usd::double as amount_at_risk_usd, confirmed_usd::double as confirmed_usd,
    cleared_usd::double as cleared_usd
from gold.fct_trust_rule
order by cases_decided desc, amount_at_risk_usd desc, cases desc, signal_type
"""


def kpis(snapshot: Snapshot) -> pd.Series:
    """Open cases with their money and expected loss (USD), decided ones by decision, rewards that the system owes."""
    return snapshot.read(_KPIS).iloc[0]


def queue(snapshot: Snapshot, view: TrustView) -> pd.DataFrame:
    """One row per case of the status and kind asked for, the greatest expected loss (money x score) first."""
    return snapshot.read(_QUEUE, {"status": view.status, "kind": view.kind})


def overdue(snapshot: Snapshot) -> pd.DataFrame:
    """One row per reward pending for more than 48 hours: what it waits on, since when, USD; the system's own first."""
    return snapshot.read(_OVERDUE)


def rules(snapshot: Snapshot) -> pd.DataFrame:
    """One row per type of signal in cases: what reviewers made of them, the most decided first."""
    return snapshot.read(_RULES)
