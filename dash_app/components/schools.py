"""Schools in order."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.bar_list import BARS_SHOWN, Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.formats import count, usd

_ID = "executive-schools"
_COLUMNS: Columns = {
    "school": ("School", None),
    "city": ("City", None),
    "state": ("State", None),
    "amount_raised_usd": ("Raised", usd),
    "purchases": ("Purchases", count),
    "supporters": ("Buyers", count),
    "linked_users": ("Linked users", count),
}


def schools_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Schools by money raised, and by linked users where no money was raised. Needs ``queries.executive.schools``."""
    known = rows[rows["school_id"] != -1]
    raised = bool(known["amount_raised_usd"].any())
    value, write, colour = ("amount_raised_usd", usd, "money") if raised else ("linked_users", count, "people")
    ranked = known[known[value] > 0].sort_values(value, ascending=False, kind="stable")
    shown = f"Top {BARS_SHOWN} schools" if len(ranked) > BARS_SHOWN else "Schools"
    title = f"{shown} by {'money raised' if raised else 'linked users'}"
    if ranked.empty:
        return figure_card(_ID, title, means, nothing("No school has purchases or linked users under these filters."))
    top = ranked.head(BARS_SHOWN).to_dict("records")
    bars = [Bar(row["school"], write(row[value]), row[value], _place(row["city"], row["state"])) for row in top]
    content = bar_list(f"{_ID}-bars", bars, colour)
    return figure_card(_ID, title, means, content, _caption(rows, raised), table(rows, _COLUMNS, title), csv_href)


def _caption(rows: pd.DataFrame, raised: bool) -> str | None:
    if not raised:
        return "Nothing was raised in this period, so schools stand in the order of the users linked to them."
    unknown = rows.loc[rows["school_id"] == -1, "amount_raised_usd"].sum()
    return f"{usd(unknown)} more came from purchases of users without a school." if unknown else None


def _place(*parts: object) -> str:
    return ", ".join(part for part in parts if isinstance(part, str) and part)
