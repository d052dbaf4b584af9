"""The product view in five numbers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from dash import html

from dash_app.components.kpi_card import kpi_card
from dash_app.filters import day_text
from dash_app.formats import bare_rate, change, points, rate, usd
from dash_app.queries.product import WEEK_LATER

#: Key of a definition -> its text.
Means = Callable[[str], str]

MEDIAN = 0.5


def kpi_cards(
    activation: pd.Series, scans: pd.Series, first_action: pd.DataFrame, retention: pd.DataFrame, means: Means
) -> html.Div:
    """Frames and rows of ``queries.product``, each of the latest weeks that are mature for it."""
    kept = retention[(retention["week_number"] == WEEK_LATER) & retention["is_mature"]]
    retained, of = kept["retained_users"].sum(), kept["mature_users"].sum()
    cards = [
        kpi_card(
            "kpi-activation", "Activation in 7 days", bare_rate(activation["activated"], activation["users"]),
            means("activation"),
            points(_pair(activation, "activated", "users"), _pair(activation, "activated_before", "users_before")),
            rate(activation["activated"], activation["users"], "users"),
        ),
        kpi_card(
            "kpi-first-action", "Half have acted after", _median(first_action), means("first_action"),
            note="median time from signup to the first scan or linked school",
        ),
        kpi_card(
            "kpi-retention", "Back in week 4", bare_rate(retained, of), means("retention"),
            note=rate(retained, of, "users"),
        ),
        kpi_card(
            "kpi-scans", "Scans completed", bare_rate(scans["completed"], scans["attempts"]), means("scan_completion"),
            points(_pair(scans, "completed", "attempts"), _pair(scans, "completed_before", "attempts_before")),
            rate(scans["completed"], scans["attempts"], "attempts"),
        ),
        kpi_card(
            "kpi-lost", "Lost with failed scans", usd(scans["lost_usd"]), means("lost_scans"),
            change(
                scans["lost_usd"], scans["lost_usd_before"] if scans["attempts_before"] else float("nan"),
                scans["attempts_before"], "usd",
            ),
            less_is_better=True,
        ),
    ]  # fmt: skip
    return html.Div([html.Div(cards, className="kpis"), html.P(_fine_print(activation, scans), className="fine-print")])


def _pair(row: pd.Series, numerator: str, denominator: str) -> tuple[float, float]:
    return row[numerator], row[denominator]


def _median(curves: pd.DataFrame) -> str:
    reached = curves[(curves["action"] == "either") & (curves["incidence"] >= MEDIAN)]
    if reached.empty:
        return "not reached"
    day = int(reached["day"].min())
    return "under a day" if day == 0 else f"{day} to {day + 1} days"


def _fine_print(activation: pd.Series, scans: pd.Series) -> str:
    parts = [
        f"{what} of {day_text(row['first_week'])} to {day_text(row['last_day'])}"
        for what, row in (("activation of people who signed up in the weeks", activation), ("scans", scans))
        if pd.notna(row["first_week"])
    ]
    if not parts:
        return "No week is mature yet: a rate counts only those who had the time, and seven days for late data."
    return f"Shown are the latest weeks that are mature: {'; '.join(parts)}. “Before” is as many weeks before those."
