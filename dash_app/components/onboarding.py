"""Where people drop in onboarding, and who drops more."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.bar_list import bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.rate_bars import rate_bar, step_bar
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.filters import day_text
from dash_app.formats import count, rate

_NAMES = {
    "signed_up": "Signed up",
    "onboarding_started": "Started onboarding, within 7 days",
    "onboarding_completed": "Completed it, within 7 more",
    "qualified": "Scanned or linked a school, within 30 more",
}
_SPLITS = {"platform": "Platform", "marketing_channel": "Came by", "user_type": "User type"}
_IMMATURE = (
    "No week of signup is mature yet: the steps may take 44 days, and seven more are left for late data. "
    "Choose a later end of the period, or wait."
)


def onboarding_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """The funnel. Needs ``queries.product.onboarding``."""
    figure_id, title = "product-onboarding", "Onboarding: where people drop"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(_IMMATURE))
    steps = rows.to_dict("records")
    bars = [step_bar(_NAMES[step["step"]], step["reached"], step["reached_before"]) for step in steps]
    twin = rows.assign(
        step=rows["step"].map(_NAMES),
        passed=[rate(step["reached"], step["reached_before"]) if step["step"] != "signed_up" else "" for step in steps],
        lost=rows["reached_before"] - rows["reached"],
    )
    columns: Columns = {
        "step": ("Step", None),
        "reached": ("People", count),
        "passed": ("Of the step before", None),
        "lost": ("Lost", count),
    }
    return figure_card(
        figure_id, title, means, bar_list(f"{figure_id}-bars", bars, "people"), _whose(rows),
        table(twin, columns, title), csv_href,
    )  # fmt: skip


def onboarding_by_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Who qualifies: one line per platform, channel and user type. Needs ``queries.product.onboarding_by``."""
    figure_id, title = "product-onboarding-by", "Who reaches the first scan or school"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(_IMMATURE))
    content: list[html.H3 | html.Ol] = []
    for split, name in _SPLITS.items():
        part = rows[rows["split"] == split]
        lines = [
            rate_bar(str(row["value"]).replace("_", " "), row["qualified"], row["signed_up"])
            for row in part.to_dict("records")
        ]
        content.append(html.H3(name, className="bar-group"))
        content.append(bar_list(f"{figure_id}-{split}", lines, "people", 1))
    twin = rows.assign(
        split=rows["split"].map(_SPLITS),
        share=[rate(row["qualified"], row["signed_up"]) for row in rows.to_dict("records")],
    )
    columns: Columns = {
        "split": ("By", None),
        "value": ("Group", None),
        "signed_up": ("Signed up", count),
        "onboarded": ("Onboarded", count),
        "qualified": ("Qualified", count),
        "share": ("Qualified of signed up", None),
    }
    return figure_card(figure_id, title, means, html.Div(content), None, table(twin, columns, title), csv_href)


def _whose(rows: pd.DataFrame) -> str:
    first, last = rows["first_week"].iloc[0], rows["last_day"].iloc[0]
    signed_up = f"People who signed up {day_text(first)} to {day_text(last)}"
    return f"{signed_up}: the latest weeks that had the time for all steps."
