"""The finance view in five numbers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from dash import html

from dash_app.components.kpi_card import kpi_card
from dash_app.formats import change, plural, usd

#: Key of a definition -> its text.
Means = Callable[[str], str]

HORIZON = 90
_AHEAD = {
    "awards_usd": "To be awarded in 90 days",
    "redemptions_usd": "To be redeemed in 90 days",
    "liability_usd": "Owed in 90 days",
}


def kpi_cards(liability: pd.DataFrame, totals: pd.DataFrame, costs: pd.DataFrame, means: Means) -> html.Div:
    """Frames of ``queries.finance``."""
    now = liability["liability_usd"].iloc[0] if len(liability) else 0.0
    before = liability["liability_usd"].iloc[1] if len(liability) > 1 else float("nan")
    unpaid = liability.iloc[0] if len(liability) else pd.Series({"unpaid_rewards": 0, "unpaid_usd": 0.0})
    cards = [
        kpi_card(
            "kpi-owed", "Owed now", usd(now), means("liability"), change(now, before, 100, "usd"),
            f"of it {usd(unpaid['unpaid_usd'])} for {plural(unpaid['unpaid_rewards'], 'reward')} due and unpaid",
            less_is_better=True,
        ),
        *(
            kpi_card(
                f"kpi-{measure}", name, _expected(totals, measure), means("forecast"), note=_interval(totals, measure)
            )
            for measure, name in _AHEAD.items()
        ),
        kpi_card(
            "kpi-cost", "Cost of an active user, by referral", _cost(costs), means("acquisition_cost"),
            note="both bonuses, by people still active after four to eight weeks",
        ),
    ]  # fmt: skip
    return html.Div(cards, className="kpis")


def _row(totals: pd.DataFrame, measure: str) -> pd.Series | None:
    found = totals[(totals["measure"] == measure) & (totals["horizon_days"] == HORIZON)]
    return found.iloc[0] if len(found) else None


def _expected(totals: pd.DataFrame, measure: str) -> str:
    row = _row(totals, measure)
    return "-" if row is None else usd(row["expected"])


def _interval(totals: pd.DataFrame, measure: str) -> str:
    row = _row(totals, measure)
    if row is None:
        return "no forecast yet"
    return f"80 % interval {usd(row['lower_80'])} to {usd(row['upper_80'])}"


def _cost(costs: pd.DataFrame) -> str:
    found = costs[(costs["acquired_via"] == "referral") & costs["cost_usd"].notna() & (costs["active_users"] > 0)]
    return usd(found["cost_usd"].sum() / found["active_users"].sum()) if len(found) else "-"
