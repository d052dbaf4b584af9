"""How long until the first scan or linked school."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.formats import FEW, count, interval, share

_ID = "product-first-action"
_NAMES = {"either": "scan or school, whichever is first", "school_link": "school linked", "scan": "receipt scanned"}
_COLUMNS: Columns = {
    "action": ("Action", None),
    "day": ("Day since signup", count),
    "acted": ("Have acted", None),
    "incidence_low": ("from", share),
    "incidence_high": ("to", share),
    "users_at_risk": ("Had not yet", count),
    "users_acting": ("Acted that day", count),
}


def first_action_card(rows: pd.DataFrame, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Cumulative incidence by day since signup, with its 95 % band. Needs ``queries.product.first_action``."""
    title = "Time to the first qualifying action"
    if rows.empty or not rows["users_acting"].any():
        return figure_card(_ID, title, means, nothing("Nobody on record has scanned a receipt or linked a school yet."))
    told = _told(rows)
    twin = told.assign(action=told["action"].map(_NAMES))
    content = graph(f"{_ID}-graph", _figure(told, theme), title, height="330px")
    return figure_card(_ID, title, means, content, _caption(told), table(twin, _COLUMNS, title), csv_href)


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """With ``acted``: the share in words, what it is made of, and below 20 people its interval as gold has it."""
    of_action = rows.sort_values("day").groupby("action")
    acting, everybody = of_action["users_acting"].cumsum(), of_action["users_at_risk"].transform("first")
    counted = rows.assign(acting=acting, everybody=everybody)
    return counted.assign(acted=[_acted(row) for row in counted.to_dict("records")])


def _acted(row: dict) -> str:
    made_of = f"{count(row['acting'])} of {count(row['everybody'])}"
    if row["everybody"] >= FEW:
        return f"{share(row['incidence'])} ({made_of})"
    if pd.isna(row["incidence_low"]):  # nobody has acted yet, or everybody has
        return f"{made_of}: too few for a rate"
    return f"{made_of}: too few for a rate, {interval(row['incidence_low'], row['incidence_high'])}"


def _figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    of_action = {"either": colours.money, "school_link": colours.people, "scan": colours.muted}
    figure = go.Figure()
    for action, colour in of_action.items():
        curve = rows[rows["action"] == action]
        low, high = curve["incidence_low"].fillna(0), curve["incidence_high"].fillna(0)
        days = [*curve["day"]]
        figure.add_scatter(
            x=days + days[::-1], y=[*high, *low[::-1]], fill="toself", fillcolor=colour, opacity=0.15,
            line={"width": 0, "shape": "hv"}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=days, y=[*curve["incidence"]], name=_NAMES[action], line={"color": colour, "width": 2, "shape": "hv"},
            hovertext=[f"{row['acted']} by the end of day {row['day']}" for row in curve.to_dict("records")],
            hovertemplate=f"%{{hovertext}}<extra>{_NAMES[action]}</extra>",
        )  # fmt: skip
    figure.update_layout(template=template(theme), hovermode="x")
    figure.update_xaxes(title_text="Days since signup", nticks=7)
    figure.update_yaxes(title_text="Have acted", tickformat=".0%", range=[0, 1])
    return figure


def _caption(rows: pd.DataFrame) -> str:
    either = rows[rows["action"] == "either"].set_index("day")["acted"]
    told = [f"{either[day]} by day {day}" for day in (0, 7, 30) if day in either.index]
    return (
        f"Scan or school: {', '.join(told)}. Of everybody on record; those who have not had the time yet count for as "
        "long as they were watched, so that a share may be greater than its two counts."
    )
