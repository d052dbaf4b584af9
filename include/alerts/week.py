"""The numbers of one week beside the week before, from the published snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from include.alerts.checks.snapshot import current_snapshot

if TYPE_CHECKING:
    from include.settings import Paths

# Grain: one row per number, in the order of the mail. A distinct count is counted anew for each week, never summed.
NUMBERS = """
with weeks as (select $first::date as first_day, $last::date as last_day),
bought as (
    select count(*) as purchases, coalesce(sum(amount_raised_usd), 0)::double as raised
    from gold.fct_purchase, weeks where purchase_date between first_day and last_day
),
active as (
    select count(distinct user_id) as supporters
    from gold.fct_user_day, weeks where is_contributing and activity_date between first_day and last_day
),
joined as (select count(*) as users from gold.dim_user, weeks where signup_date between first_day and last_day),
sent as (select count(*) as referrals from gold.fct_referral, weeks where sent_at::date between first_day and last_day),
awarded as (
    select coalesce(sum(amount_usd), 0)::double as usd
    from gold.fct_rewards, weeks where entry_type = 'awarded' and entry_date between first_day and last_day
)
select raised, purchases, supporters, users, referrals, usd from bought, active, joined, sent, awarded
"""

NAMES = (
    ("Raised for schools", "$"),
    ("Purchases", ""),
    ("Active supporters", ""),
    ("New users", ""),
    ("Invitations sent", ""),
    ("Rewards awarded", "$"),
)


@dataclass(frozen=True)
class Number:
    """One number of the week; ``unit`` is ``$`` or nothing."""

    name: str
    unit: str
    this_week: float
    week_before: float


def week_before(as_of: date) -> tuple[date, date]:
    """Monday and Sunday of the last whole week before T."""
    monday = as_of - timedelta(days=as_of.weekday() + 7)
    return monday, monday + timedelta(days=6)


def week_numbers(paths: Paths, first: date, last: date) -> tuple[Number, ...]:
    """The numbers of ``first`` .. ``last`` beside those of the seven days before each.

    Raises NothingPublishedError when there is no snapshot.
    """
    week = timedelta(days=7)
    with current_snapshot(paths) as snapshot:
        now, before = (
            snapshot.execute(NUMBERS, {"first": first - shift, "last": last - shift}).fetchall()[0]
            for shift in (timedelta(0), week)
        )
    return tuple(Number(name, unit, now[i], before[i]) for i, (name, unit) in enumerate(NAMES))
