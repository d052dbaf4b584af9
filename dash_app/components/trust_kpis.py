"""The trust view in five numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from dash import html

from dash_app.components.kpi_card import kpi_card
from dash_app.components.referral_kpis import Means
from dash_app.formats import bare_rate, count, plural, rate, usd
from include.reviews.decision import Decision


def kpi_cards(row: pd.Series, waiting: Mapping[str, Decision], means: Means) -> html.Div:
    """Needs ``queries.trust.kpis``; ``waiting``: pending decisions by case."""
    decided = row["confirmed"] + row["cleared"]
    value, note = _precision(row["confirmed"], decided)
    cards = [
        kpi_card(
            "kpi-risk", "Money at risk", usd(row["open_usd"]), means("trust_money"),
            note=f"in {plural(row['open_with_money'], 'open case')}; {usd(row['expected_loss_usd'])} expected loss",
        ),
        kpi_card(
            "kpi-open", "Open cases", count(row["open_cases"]), means("trust_state"),
            note=f"{plural(len(waiting), 'decision')} pending until the next run" if waiting else "none decided since",
        ),
        kpi_card(
            "kpi-decided", "Decided", count(decided + row["held"]), means("trust_state"),
            note=f"{count(row['confirmed'])} confirmed, {count(row['cleared'])} cleared, {count(row['held'])} held"
            + (f"; {count(row['news'])} with new evidence" if row["news"] else "")
            + (f"; {count(row['on_gone_cases'])} on cases that are gone" if row["on_gone_cases"] else ""),
        ),
        kpi_card("kpi-precision", "Precision so far", value, means("trust_precision"), note=note),
        kpi_card(
            "kpi-late", "Rewards late by us", usd(row["late_usd"]), means("trust_late"),
            note=f"{plural(row['late_rewards'], 'reward')} due for more than 48 hours",
        ),
    ]  # fmt: skip
    return html.Div([html.P(_headline(row), className="headline mb-3"), html.Div(cards, className="kpis")])


def _headline(row: pd.Series) -> str:
    if not row["open_cases"]:
        return "No case is open."
    if not row["open_usd"]:
        return f"{plural(row['open_cases'], 'case')} wait for a decision; no money is at risk in them."
    wait = "cases wait" if row["open_cases"] > 1 else "case waits"
    return (
        f"{count(row['open_cases'])} {wait} for a decision, {usd(row['open_usd'])} at risk: about "
        f"{usd(row['expected_loss_usd'])} of it is probably not owed."
    )


def _precision(confirmed: float, decided: float) -> tuple[str, str]:
    if not decided:
        return "-", "no case is confirmed or cleared yet"
    return bare_rate(confirmed, decided), rate(confirmed, decided, "decided cases")
