"""What an acquired active user costs, by referral and otherwise."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.bar_list import Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.formats import count, usd


def costs_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """One bar per channel; an unknown cost is told, not drawn as nothing. Needs ``queries.finance.costs``."""
    figure_id, title = "finance-costs", "Cost of an acquired active user"
    if rows.empty:
        young = (
            "No month of signup is mature yet: people have 55 days to be counted as active, and late data seven more."
        )
        return figure_card(figure_id, title, means, nothing(young))
    each = rows.assign(cost_each=rows["cost_usd"] / rows["active_users"].where(rows["active_users"] > 0))
    bars = [
        Bar(
            _name(row),
            usd(row["cost_each"]) if pd.notna(row["cost_each"]) else "cost not known",
            row["cost_each"] if pd.notna(row["cost_each"]) else 0,
            f"{count(row['active_users'])} active of {count(row['acquired_users'])} acquired",
        )
        for row in each.to_dict("records")
    ]
    twin = each.assign(way=[_name(row) for row in each.to_dict("records")])
    columns: Columns = {
        "way": ("Acquired by", None),
        "acquired_users": ("Acquired", count),
        "active_users": ("Active in days 28 to 55", count),
        "cost_usd": ("Cost", usd),
        "cost_each": ("Cost each", usd),
    }
    first, last = rows["first_month"].min(), rows["last_month"].max()
    caption = f"People who signed up {first:%b %Y} to {last:%b %Y}, the months that are mature."
    content = bar_list(f"{figure_id}-bars", bars, "money")
    return figure_card(figure_id, title, means, content, caption, table(twin, columns, title), csv_href)


def _name(row: dict) -> str:
    channel = str(row["channel"]).replace("_", " ")
    if row["acquired_via"] == "referral":
        return "Referral, credited"
    return "told by a friend, not credited" if channel == "referral" else channel
