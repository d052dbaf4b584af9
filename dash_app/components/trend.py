"""Money raised and active users over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html
from plotly.subplots import make_subplots

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.filters import Filters, day_text
from dash_app.formats import count, plural, usd

_ID = "executive-trend"
_COLUMNS: Columns = {
    "days": ("Days", None),
    "amount_raised_usd": ("Raised", usd),
    "purchases": ("Purchases", count),
    "active_users": ("Active users", count),
    "provisional_because": ("Not complete because", None),
}


def trend_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Money and people by day or week, or a sentence when there were none. Needs ``queries.executive.trend``."""
    weekly = (rows["last_day"] - rows["first_day"]).max().days > 0
    title = f"Money raised and active users by {'week' if weekly else 'day'}"
    if not rows["amount_raised_usd"].any() and not rows["active_users"].any():
        quiet = f"Nobody was active and nothing was bought from {filters.in_words()}."
        return figure_card(_ID, title, means, nothing(quiet))
    twin = rows.assign(
        days=[_days(first, last) for first, last in zip(rows["first_day"], rows["last_day"], strict=True)]
    )
    content = graph(f"{_ID}-graph", trend_figure(rows, theme), title, height="400px")
    return figure_card(_ID, title, means, content, _caption(rows, weekly), table(twin, _COLUMNS, title), csv_href)


def trend_figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    """Bars of money above a line of active users. Needs at least one row of ``queries.executive.trend``.

    What is not complete yet is hatched or an open point; a week that the period cuts is not joined to its neighbours,
    because it would look like a fall.
    """
    settled = rows["provisional_because"].isna()
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.12, row_heights=[0.58, 0.42])
    named = bool((~settled).any())
    figure.add_trace(_bars(rows[settled], "complete", theme, named), row=1, col=1)
    figure.add_trace(_bars(rows[~settled], "not complete yet", theme, named, hatched=True), row=1, col=1)
    whole = rows["is_whole"]
    last_settled = rows.index[settled].max() if settled.any() else rows.index[0]
    figure.add_trace(_points(rows[settled & whole], theme, "solid"), row=2, col=1)
    figure.add_trace(_points(rows[whole & (rows.index >= last_settled)], theme, "dot"), row=2, col=1)
    figure.add_trace(_points(rows[~whole], theme, None), row=2, col=1)
    figure.update_layout(template=template(theme), barmode="overlay", hovermode="closest")
    figure.update_yaxes(rangemode="tozero", nticks=5, tickformat=",")
    figure.update_yaxes(title_text="Money raised, USD", tickprefix="$", row=1, col=1)
    figure.update_yaxes(title_text="Active users", row=2, col=1)
    figure.update_xaxes(tickformat="%-d %b", nticks=6, tickangle=0)
    return figure


def _bars(part: pd.DataFrame, name: str, theme: Theme, named: bool, hatched: bool = False) -> go.Bar:
    colour = PALETTES[theme].money
    pattern = {"shape": "/", "fgcolor": colour, "fillmode": "replace", "size": 6} if hatched else {"shape": ""}
    return go.Bar(
        x=[*part["starts_on"]],
        y=[*part["amount_raised_usd"]],
        name=name,
        showlegend=named,
        marker={"color": colour, "line": {"width": 0}, "pattern": pattern},
        hovertext=[
            _hover(row, f"{usd(row['amount_raised_usd'])} raised, {plural(row['purchases'], 'purchase')}")
            for row in part.to_dict("records")
        ],
        hoverinfo="text",
    )


def _points(part: pd.DataFrame, theme: Theme, dash: str | None) -> go.Scatter:
    return go.Scatter(
        x=[*part["starts_on"]],
        y=[*part["active_users"]],
        mode="lines+markers" if dash else "markers",
        line={"color": PALETTES[theme].people, "dash": dash or "solid", "width": 2},
        marker={
            "symbol": ["circle-open" if _known(because) else "circle" for because in part["provisional_because"]],
            "color": PALETTES[theme].people,
            "size": 6,
        },
        showlegend=False,
        hovertext=[_hover(row, plural(row["active_users"], "active user")) for row in part.to_dict("records")],
        hoverinfo="text",
    )


def _caption(rows: pd.DataFrame, weekly: bool) -> str | None:
    provisional = int(rows["provisional_because"].notna().sum())
    if not provisional:
        return None
    if weekly:
        return "Hatched bars are not complete: a week cut by the period, or days for which rows may still arrive."
    are = "bar, hatched, is" if provisional == 1 else f"{provisional} bars, hatched, are"
    return f"The last {are} not complete: rows arrive up to 7 days late."


def _hover(row: Mapping[Any, Any], says: str) -> str:
    because = row["provisional_because"]
    more = f"<br><i>not complete: {because}</i>" if _known(because) else ""
    return f"<b>{_days(row['first_day'], row['last_day'])}</b><br>{says}{more}"


def _known(because: object) -> bool:
    return isinstance(because, str)


def _days(first: date, last: date) -> str:
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"
