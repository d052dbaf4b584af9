"""Signals by type and by week, and what reviewers made of each type."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.bar_list import Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.components.trust_words import name
from dash_app.filters import Filters, day_text
from dash_app.formats import FEW, count, plural, rate, usd

_KINDS = {"abuse": "abuse", "payment_error": "mistake in the ledger", "owed": "owed by us"}
_TYPES: Columns = {
    "what": ("Signal", None),
    "of_kind": ("Kind", None),
    "signals": ("Signals", count),
    "cases": ("Cases", count),
    "amount_at_risk_usd": ("At risk", usd),
}
_WEEKS: Columns = {
    "week": ("Week of", None),
    **{kind: (text.capitalize(), count) for kind, text in _KINDS.items()},
    "amount_at_risk_usd": ("At risk", usd),
    "settled": ("Complete", None),
}
_RULES: Columns = {
    "what": ("Signal", None),
    "of_kind": ("Kind", None),
    "cases": ("Cases", count),
    "cases_by_it_alone": ("By it alone", count),
    "precision": ("Confirmed of decided", None),
    "amount_at_risk_usd": ("At risk", usd),
    "confirmed_usd": ("Confirmed", usd),
    "cleared_usd": ("Cleared", usd),
}


def types_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str) -> html.Section:
    """Needs ``queries.trust_signals.by_type``."""
    figure_id, title = "trust-types", "Signals by type"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(_none(filters)))
    bars = [
        Bar(name(row["signal_type"]), count(row["signals"]), row["signals"], _money(row))
        for row in rows.to_dict("records")
    ]
    content = bar_list(f"{figure_id}-bars", bars, "people")
    return figure_card(figure_id, title, means, content, _period(filters), table(_told(rows), _TYPES, title), csv_href)


def weeks_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Needs ``queries.trust_signals.by_week``."""
    figure_id, title = "trust-weeks", "Signals by week and kind"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(_none(filters)))
    by_week = rows.groupby(["week_start", "is_settled"])
    twin = rows.pivot_table("signals", ["week_start", "is_settled"], "kind", "sum", fill_value=0)
    twin = twin.reindex(columns=[*_KINDS], fill_value=0).assign(amount_at_risk_usd=by_week["amount_at_risk_usd"].sum())
    twin = twin.reset_index().sort_values("week_start", ascending=False)
    twin = twin.assign(
        week=twin["week_start"].map(day_text),
        settled=["yes" if settled else "not yet" for settled in twin["is_settled"]],
    )
    caption = f"{_period(filters)} Pale weeks still fill: that newcomers stay away is known four weeks after they came."
    content = graph(f"{figure_id}-graph", weeks_figure(rows, theme), title, height="300px")
    return figure_card(figure_id, title, means, content, caption, table(twin, _WEEKS, title), csv_href)


def weeks_figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    """Bars of signals by week, one colour for each kind; what is not complete yet is pale."""
    palette = PALETTES[theme]
    by_kind = rows.groupby(["kind", "week_start", "is_settled"], as_index=False)["signals"].sum()
    figure = go.Figure(
        [
            go.Bar(
                x=[*part["week_start"]],
                y=[*part["signals"]],
                name=_KINDS[kind],
                marker={"color": colour, "opacity": [1 if settled else 0.45 for settled in part["is_settled"]]},
                hovertext=[
                    f"Week of {day_text(row['week_start'])}: {plural(row['signals'], 'signal')}, {_KINDS[kind]}"
                    for row in part.to_dict("records")
                ],
                hoverinfo="text",
            )
            for kind, colour in zip(_KINDS, (palette.alarm, palette.kinds[2], palette.people), strict=True)
            if not (part := by_kind[by_kind["kind"] == kind]).empty
        ]
    )
    figure.update_layout(template=template(theme), barmode="stack", showlegend=True)
    figure.update_yaxes(title_text="Signals", rangemode="tozero", nticks=5, tickformat=",")
    weeks = sorted(rows["week_start"].unique())
    figure.update_xaxes(tickformat="%-d %b", tickvals=weeks[:: -(-len(weeks) // 6)], tickangle=0)
    return figure


def rules_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Needs ``queries.trust.rules``. Below 20 decided cases a type has an interval and no rate."""
    figure_id, title = "trust-rules", "How often each type of signal was right"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing("No case has a signal yet."))
    records = rows.to_dict("records")
    precision = [rate(row["cases_confirmed"], row["cases_decided"], "decided cases") for row in records]
    decided = rows["cases_decided"].sum() > 0
    shares = [row["cases_confirmed"] / row["cases_decided"] if row["cases_decided"] >= FEW else 0 for row in records]
    bars = [
        Bar(
            name(row["signal_type"]),
            plural(row["cases"], "case"),
            confirmed if decided else row["cases"],
            said if row["cases_decided"] else "",
        )
        for row, confirmed, said in zip(records, shares, precision, strict=True)
    ]
    caption = (
        "Bars are shares confirmed, from 20 decided cases on. A type more often wrong than right should lose points."
        if decided
        else "Bars are cases. Nothing is confirmed or cleared yet: the precision of each type comes with the decisions."
    )
    twin = _told(rows).assign(precision=precision)
    content = bar_list(f"{figure_id}-bars", bars, "people", full=1 if decided else None)
    return figure_card(figure_id, title, means, content, caption, table(twin, _RULES, title), csv_href)


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(what=rows["signal_type"].map(name), of_kind=rows["kind"].map(_KINDS))


def _money(row: dict) -> str:
    in_cases = f"in {plural(row['cases'], 'case')}" if row["cases"] else _KINDS[row["kind"]]
    return f"{in_cases}, {usd(row['amount_at_risk_usd'])}"


def _none(filters: Filters) -> str:
    return f"No signal was completed from {day_text(filters.start)} to {day_text(filters.end)}."


def _period(filters: Filters) -> str:
    return f"Evidence completed {day_text(filters.start)} to {day_text(filters.end)}."
