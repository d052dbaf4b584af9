"""Rewards pending for more than 48 hours: our own lateness apart from what waits on somebody."""

from __future__ import annotations

from functools import partial

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dash_app.components.bar_list import Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.tree_graph import Address
from dash_app.filters import day_text
from dash_app.formats import plural, usd

_WAITING = {
    "system": "Late by us: due, neither paid nor withheld",
    "held": "Held: due, and withheld by a reviewer or rule",
    "user": "Waiting on the friend",
}
_STEPS = {"onboarding": "to finish onboarding", "qualifying_action": "to scan or link a school"}
_AGES = ("48-72 h", "3-7 d", "> 7 d")
_TYPES = {"referrer_bonus": "referrer's bonus", "referred_bonus": "referred user's bonus"}
_LISTED = 20
_COLUMNS: Columns = {
    "waits_on": ("Waits on", None),
    "referral_id": ("Referral", None),
    "bonus": ("Reward", None),
    "user_id": ("User", None),
    "amount_usd": ("Amount", usd),
    "since": ("Pending since", None),
    "days_late": ("Days late", lambda days: f"{days:,.1f}"),
    "link": ("Case", None),
}


def overdue_card(rows: pd.DataFrame, means: str, csv_href: str, address: Address) -> html.Section:
    """Needs ``queries.trust.overdue``; ``address`` of a case."""
    figure_id = "trust-overdue"
    if rows.empty:
        none = "No reward has been pending for more than 48 hours."
        return figure_card(figure_id, "Overdue rewards", means, nothing(none))
    late = rows[rows["waiting_on"] == "system"]
    title = f"{plural(len(late), 'reward')} late by us, {usd(late['amount_usd'].sum())}; the others wait on somebody"
    content: list[Component] = []
    for waits_on, text in _WAITING.items():
        part = rows[rows["waiting_on"] == waits_on]
        if len(part):
            in_all = f"{plural(len(part), 'reward')}, {usd(part['amount_usd'].sum())}"
            content += [
                html.H3(f"{text}: {in_all}", className="bar-group"),
                bar_list(f"{figure_id}-{waits_on}", _bars(part), "money", full=rows["amount_usd"].sum()),
            ]
    twin = table(rows, _COLUMNS, title, _LISTED, partial(_worded, address=address))
    return figure_card(figure_id, title, means, html.Div(content), None, twin, csv_href)


def _worded(rows: pd.DataFrame, address: Address) -> pd.DataFrame:
    return rows.assign(
        waits_on=[_waits_on(row) for row in rows.to_dict("records")],
        bonus=rows["reward_type"].map(_TYPES),
        since=rows["pending_since"].map(day_text),
        user_id=["-" if pd.isna(user) else str(int(user)) for user in rows["user_id"]],
        link=pd.Series(
            [dcc.Link(case, href=address(case)) if isinstance(case, str) else "-" for case in rows["case_id"]],
            index=rows.index,
            dtype=object,
        ),
    )


def _bars(part: pd.DataFrame) -> list[Bar]:
    steps = part["missing_step"].fillna("")
    groups = [(step, age) for step in sorted(set(steps)) for age in _AGES]
    found = [(step, age, part[(steps == step) & (part["age_bucket"] == age)]) for step, age in groups]
    return [
        Bar(
            f"{_STEPS[step]}, {age}" if step else f"pending {age}",
            usd(rows["amount_usd"].sum()),
            rows["amount_usd"].sum(),
            plural(len(rows), "reward"),
        )
        for step, age, rows in found
        if len(rows)
    ]


def _waits_on(row: dict) -> str:
    step = row["missing_step"]
    return f"friend, {_STEPS[step]}" if isinstance(step, str) else {"system": "us", "held": "held"}[row["waiting_on"]]
