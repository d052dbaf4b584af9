"""From invitation to award, and by which channel."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.bar_list import bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.rate_bars import rate_bar, step_bar
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.formats import count, rate

_NAMES = {
    "sent": "Sent",
    "clicked": "Clicked",
    "installed": "Installed",
    "applied": "Code applied",
    "onboarded": "Onboarded",
    "qualified": "Scanned or linked a school",
    "eligible": "Eligible under all rules",
    "awarded": "Both sides paid in time",
}
_IMMATURE = (
    "No week of sending is mature yet: an invitation has 30 days, and seven more are left for late data. "
    "Choose a later end of the period, or wait."
)


def funnel_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Needs ``queries.referral.funnel``."""
    figure_id, title = "referral-funnel", "From invitation to award, within 30 days"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(_IMMATURE))
    steps = rows.to_dict("records")
    bars = [step_bar(_NAMES[step["step"]], step["reached"], step["reached_before"]) for step in steps]
    twin = rows.assign(
        step=rows["step"].map(_NAMES),
        passed=[rate(step["reached"], step["reached_before"]) if step["step"] != "sent" else "" for step in steps],
        of_sent=[rate(step["reached"], step["sent"]) for step in steps],
    )
    columns: Columns = {
        "step": ("Step", None),
        "reached": ("Invitations", count),
        "passed": ("Of the step before", None),
        "of_sent": ("Of all sent", None),
    }
    caption = "A code told in person needs no click, so more may apply a code than the clicks suggest."
    content = bar_list(f"{figure_id}-bars", bars, "people")
    return figure_card(figure_id, title, means, content, caption, table(twin, columns, title), csv_href)


def channels_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Needs ``queries.referral.channels``."""
    named = rows.assign(name=rows["channel"].str.replace("_", " "))
    title = "Become eligible within 30 days, by channel"
    return _split_card("referral-channels", title, "Channel", named, means, csv_href)


def schools_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Needs ``queries.referral.schools``."""
    title = "Become eligible within 30 days, by the sender's school"
    return _split_card("referral-schools", title, "School", rows.assign(name=rows["school"]), means, csv_href)


def _split_card(figure_id: str, title: str, split: str, rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(_IMMATURE))
    records = rows.to_dict("records")
    bars = [rate_bar(row["name"], row["eligible"], row["sent"]) for row in records]
    twin = rows.assign(
        clicked_of_sent=[rate(row["clicked"], row["sent"]) for row in records],
        eligible_of_sent=[rate(row["eligible"], row["sent"]) for row in records],
    )
    columns: Columns = {
        "name": (split, None),
        "sent": ("Sent", count),
        "clicked_of_sent": ("Clicked", None),
        "applied": ("Code applied", count),
        "eligible_of_sent": ("Eligible", None),
        "awarded": ("Paid in time", count),
    }
    caption = "Most sent first. Invitations of one sender are alike, so differences are less sure than they look."
    content = bar_list(f"{figure_id}-bars", bars, "people")
    return figure_card(figure_id, title, means, content, caption, table(twin, columns, title), csv_href)
