"""The referral view in five numbers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from dash import html

from dash_app.components.kpi_card import kpi_card
from dash_app.filters import Bounds, Filters, day_text
from dash_app.formats import Change, bare_rate, change, count, points, rate

#: Key of a definition -> its text.
Means = Callable[[str], str]

_HOURS_A_DAY = 24


def kpi_cards(
    sent: pd.Series, conversion: pd.Series, latencies: pd.DataFrame, filters: Filters, bounds: Bounds, means: Means
) -> html.Div:
    """Rows and frames of ``queries.referral``; what was sent is of the period, rates are of mature weeks."""
    has_before = filters.previous[0] >= bounds.facts_from
    cards = [
        kpi_card(
            "kpi-sent", "Invitations sent", count(sent["sent"]), means("referrals"),
            _changed(sent["sent"], sent["sent_before"], has_before),
        ),
        kpi_card(
            "kpi-conversion", "Become eligible in 30 days", bare_rate(conversion["eligible"], conversion["sent"]),
            means("conversion"),
            points(_pair(conversion, "eligible", "sent"), _pair(conversion, "eligible_before", "sent_before")),
            rate(conversion["eligible"], conversion["sent"], "invitations"),
        ),
        kpi_card(
            "kpi-in-time", "Codes applied in time", bare_rate(sent["applied_in_time"], sent["applied"]),
            means("in_time"),
            points(_pair(sent, "applied_in_time", "applied"), _pair(sent, "applied_in_time_before", "applied_before"))
            if has_before else None,
            rate(sent["applied_in_time"], sent["applied"], "codes"),
        ),
        kpi_card(
            "kpi-awarded", "Paid within 48 hours", bare_rate(conversion["awarded"], conversion["eligible"]),
            means("paid_in_time"),
            points(
                _pair(conversion, "awarded", "eligible"), _pair(conversion, "awarded_before", "eligible_before")
            ),
            rate(conversion["awarded"], conversion["eligible"], "eligible"),
        ),
        kpi_card(
            "kpi-to-eligible", "From code to bonus", _median(latencies, "applied_to_eligible"), means("latency"),
            note="median, of those who became eligible",
        ),
    ]  # fmt: skip
    return html.Div([html.Div(cards, className="kpis"), html.P(_fine_print(conversion), className="fine-print")])


def duration(hours: float) -> str:
    """Hours as people say them."""
    if hours < 1:
        return f"{hours * 60:.0f} minutes"
    return f"{hours:.1f} hours" if hours < 2 * _HOURS_A_DAY else f"{hours / _HOURS_A_DAY:.1f} days"


def _changed(value: float, before: float, has_before: bool) -> Change:
    return change(value, before if has_before else float("nan"), min(value, before))


def _pair(row: pd.Series, numerator: str, denominator: str) -> tuple[float, float]:
    return row[numerator], row[denominator]


def _median(latencies: pd.DataFrame, stage: str) -> str:
    found = latencies.loc[latencies["stage"] == stage, "hours_p50"].dropna()
    return duration(float(found.iloc[0])) if len(found) else "-"


def _fine_print(conversion: pd.Series) -> str:
    if pd.isna(conversion["first_week"]):
        return "No week of sending is mature yet: a rate counts invitations that had 30 days, and seven for late data."
    first, last = day_text(conversion["first_week"]), day_text(conversion["last_day"])
    return (
        f"Eligible and paid are of invitations sent {first} to {last}, the latest weeks that are mature; “before” is "
        "as many weeks before those. Invitations sent and codes applied are of the period."
    )
