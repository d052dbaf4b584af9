"""The executive view in one sentence and five numbers."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dash_app.components.kpi_card import kpi_card
from dash_app.components.target import progress
from dash_app.filters import Filters, day_text
from dash_app.formats import Change, change, count, plural, rate, usd

#: Key of a definition -> its text.
Means = Callable[[str], str]


def headline(numbers: pd.Series, sizes: pd.Series, filters: Filters) -> html.P:
    """``numbers`` of ``queries.executive.kpis`` and ``sizes`` of ``queries.coverage.sizes`` in words."""
    return html.P(_sentence(numbers, sizes, filters), className="headline")


def kpi_cards(numbers: pd.Series, targets: pd.DataFrame, filters: Filters, means: Means) -> html.Div:
    """The five cards, what they are compared with, and their ``targets`` of ``queries.growth``."""
    aims = dict(zip(targets["metric"], targets["target"], strict=True))

    def towards(metric: str, name: str, value: float, write: Callable[[float], str]) -> html.Div | None:
        if not aims.get(metric):
            return None
        over = "" if metric == "active_supporters" else f" for {plural(filters.days, 'day')}"
        return progress(name, value, aims[metric], write, over)

    cards = [
        kpi_card(
            "kpi-raised", "Money raised", usd(numbers["raised"]), means("raised"), _money_changed(numbers),
            f"{usd(numbers['raised'] / numbers['purchases'])} a purchase" if numbers["purchases"] else None,
            target=towards("raised_usd", "Money raised", numbers["raised"], usd),
        ),
        kpi_card(
            "kpi-supporters", "Active supporters, 28 days", count(numbers["supporters"]), means("supporters"),
            _changed(numbers, "supporters"), rate(numbers["known_supporters"], numbers["users"], "users"),
            target=towards("active_supporters", "Active supporters", numbers["supporters"], count),
        ),
        kpi_card(
            "kpi-new-users", "New users", count(numbers["new_users"]), means("new_users"),
            _changed(numbers, "new_users"), f"{count(numbers['users'])} in all by {day_text(filters.end)}",
            target=towards("new_users", "New users", numbers["new_users"], count),
        ),
        kpi_card(
            "kpi-purchases", "Purchases", count(numbers["purchases"]), means("purchases"),
            _changed(numbers, "purchases"),
            target=towards("purchases", "Purchases", numbers["purchases"], count),
        ),
        kpi_card(
            "kpi-referrals", "Referrals sent", count(numbers["referrals"]), means("referrals"),
            _changed(numbers, "referrals"),
            target=towards("referrals_sent", "Referrals sent", numbers["referrals"], count),
        ),
    ]  # fmt: skip
    start, end = filters.previous
    before = (
        f"“Before” is {day_text(start)} to {day_text(end)}: as many days, the same weekdays. "
        "For supporters it is the 28 days before the 28."
    )
    said = [] if isnan(numbers["raised_before"]) else [before]
    if aims:
        said.append(f"A target is a month's, shared out by days. Set by: {'; '.join(sorted({*targets['set_by']}))}.")
    parts: list[Component] = [html.Div(cards, className="kpis")]
    if said:
        parts.append(html.P(" ".join(said), className="fine-print"))
    return html.Div(parts)


def _sentence(numbers: pd.Series, sizes: pd.Series, filters: Filters) -> str:
    if not sizes["purchases"]:
        known = f"{plural(sizes['users'], 'user')} and {plural(sizes['schools'], 'school')} are known"
        return f"No purchase has been delivered yet, so nothing has been raised. {known}."
    if not numbers["purchases"]:
        return (
            f"Nothing was bought from {filters.in_words()}, so nothing was raised. "
            "Choose a longer period or fewer filters."
        )
    bought, raised = plural(numbers["purchases"], "purchase"), usd(numbers["raised"])
    text = f"From {filters.in_words()}, {bought} raised {raised}"
    changed = _money_changed(numbers)
    return f"{text}, {changed.text}." if changed.direction in ("up", "down") else f"{text}."


def _money_changed(numbers: pd.Series) -> Change:
    few = min(numbers["purchases"], numbers["purchases_before"])
    return change(numbers["raised"], numbers["raised_before"], few, "usd")


def _changed(numbers: pd.Series, name: str) -> Change:
    value, before = numbers[name], numbers[f"{name}_before"]
    return change(value, before, min(value, before))
