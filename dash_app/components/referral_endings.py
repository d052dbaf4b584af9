"""How invitations ended: one reason each."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.bar_list import Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.filters import Filters
from dash_app.formats import bare_rate, count, plural, rate

_OUTCOMES = {
    "open": "Open: sent less than 30 days ago",
    "expired": "Expired: the code was never applied",
    "self_referral": "Self-referral",
    "referrer_unverified": "Referrer not verified",
    "not_new": "Friend was a user already, or re-installed",
    "outside_window": "Code applied after 48 hours",
    "duplicate_credit": "Another invitation was credited",
    "onboarding_incomplete": "Onboarding not completed",
    "no_qualifying_action": "No scan and no school yet",
}
_ELIGIBLE = {
    "awarded": "Eligible and paid",
    "due": "Eligible, payment due",
    "overdue": "Eligible, payment overdue",
    "withheld": "Eligible, payment withheld",
}


def endings_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str) -> html.Section:
    """Needs ``queries.referral.endings``; its rows hold every invitation once."""
    figure_id, title = "referral-endings", "How each invitation stands, one reason each"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(f"Nothing was sent from {filters.in_words()}."))
    records = rows.to_dict("records")
    total = rows["referrals"].sum()
    named = [_name(row["rule_outcome"], row["award_state"]) for row in records]
    bars = [
        Bar(name, count(row["referrals"]), row["referrals"], bare_rate(row["referrals"], total) + _paid(row))
        for name, row in zip(named, records, strict=True)
    ]
    twin = rows.assign(
        ending=named,
        of_all=[rate(row["referrals"], total) for row in records],
        over=["yes" if row["is_ended"] else "not yet" for row in records],
    )
    columns: Columns = {
        "ending": ("How it stands", None),
        "referrals": ("Invitations", count),
        "of_all": ("Of all", None),
        "improper": ("Paid all the same", count),
        "over": ("Over", None),
    }
    caption = (
        f"{plural(total, 'invitation')} of the weeks that touch the period, all user types; the parts add up to it."
    )
    content = bar_list(f"{figure_id}-bars", bars, "people")
    return figure_card(figure_id, title, means, content, caption, table(twin, columns, title), csv_href)


def _name(rule_outcome: str, award_state: str) -> str:
    return _ELIGIBLE[award_state] if rule_outcome == "eligible" else _OUTCOMES[rule_outcome]


def _paid(row: dict) -> str:
    return f", {count(row['improper'])} paid all the same" if row["improper"] > 0 else ""
