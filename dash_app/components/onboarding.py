"""Where people drop in onboarding, and who drops more."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.bar_list import Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.filters import day_text
from dash_app.formats import FEW, count, rate, share, wilson

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
    bars = [
        Bar(
            _NAMES[step["step"]],
            count(step["reached"]),
            step["reached"],
            _passed(step),
        )
        for step in steps
    ]
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
        content.append(html.H3(name, className="bar-group"))
        content.append(bar_list(f"{figure_id}-{split}", [_line(row) for row in part.to_dict("records")], "people", 1))
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


def _line(row: dict) -> Bar:
    name = str(row["value"]).replace("_", " ")
    made_of = f"{count(row['qualified'])} of {count(row['signed_up'])}"
    if row["signed_up"] < FEW:
        low, high = wilson(row["qualified"], row["signed_up"])
        return Bar(name, f"{low:.0%} to {high:.0%}", 0, f"{made_of}: too few for a rate")
    return Bar(name, share(row["qualified"] / row["signed_up"]), row["qualified"] / row["signed_up"], made_of)


def _passed(step: dict) -> str:
    """What the line says beside its name."""
    if step["step"] == "signed_up" or not step["reached_before"]:
        return ""
    lost = step["reached_before"] - step["reached"]
    return f"{share(step['reached'] / step['reached_before'])} of the step before, {count(lost)} lost"


def _whose(rows: pd.DataFrame) -> str:
    first, last = rows["first_week"].iloc[0], rows["last_day"].iloc[0]
    signed_up = f"People who signed up {day_text(first)} to {day_text(last)}"
    return f"{signed_up}: the latest weeks that had the time for all steps."
