"""A number by state, on a map that is drawn without any request outside."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, Write, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.formats import count, plural, usd
from dash_app.us_states import ON_THE_MAP, STATES

_ID = "executive-states"
_COLUMNS: Columns = {
    "state": ("State", None),
    "amount_raised_usd": ("Raised", usd),
    "purchases": ("Purchases", count),
    "supporters": ("Buyers", count),
    "schools": ("Schools", count),
    "linked_users": ("Linked users", count),
}


def states_card(rows: pd.DataFrame, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Money raised by state, or linked users where no money was raised. Needs ``queries.executive.states``."""
    raised = bool(rows["amount_raised_usd"].any())
    value, write = ("amount_raised_usd", usd) if raised else ("linked_users", count)
    title = f"{'Money raised' if raised else 'Linked users'} by state"
    if not rows[value].any():
        return figure_card(_ID, title, means, nothing("Nobody and no money can be placed in a state here."))
    figure = map_figure(rows, value, write, raised, theme)
    content = graph(f"{_ID}-graph", figure, title, height="clamp(14rem, 58vw, 21rem)")
    caption = beside_the_map(rows, value, write)
    return figure_card(_ID, title, means, content, caption, table(rows, _COLUMNS, title), csv_href)


def map_figure(rows: pd.DataFrame, value: str, write: Write, money: bool, theme: Theme) -> go.Figure:
    """States coloured by ``value``; a state without rows stays grey. Needs the columns state, schools and ``value``."""
    drawn = rows[rows["state"].isin(list(ON_THE_MAP)) & (rows[value] > 0)].to_dict("records")
    colours = PALETTES[theme]
    scale = colours.money_scale if money else colours.people_scale
    figure = go.Figure(
        go.Choropleth(
            locationmode="USA-states",
            locations=[row["state"] for row in drawn],
            z=[float(row[value]) for row in drawn],
            zmin=0,
            zmax=max((float(row[value]) for row in drawn), default=1.0),
            colorscale=[[0, scale[0]], [1, scale[1]]],
            marker={"line": {"color": colours.hover, "width": 0.8}},
            hovertext=[_hover(row["state"], write(row[value]), row["schools"]) for row in drawn],
            hoverinfo="text",
            showscale=len(drawn) > 1,
            colorbar={
                "orientation": "h",
                "thickness": 8,
                "len": 0.5,
                "x": 0.5,
                "y": -0.02,
                "yanchor": "top",
                "outlinewidth": 0,
                "tickprefix": "$" if money else "",
                "nticks": 4,
                "tickfont": {"color": colours.muted, "size": 11},
            },
        )
    )
    geo = {"scope": "usa", "projection": {"type": "albers usa"}}
    figure.update_layout(template=template(theme), geo=geo, dragmode=False)
    return figure


def beside_the_map(rows: pd.DataFrame, value: str, write: Write) -> str | None:
    """What the map cannot show, in words: territories, military regions, schools without a state."""
    beside = rows[~rows["state"].isin(list(ON_THE_MAP)) & (rows[value] > 0)].to_dict("records")
    if not beside:
        return None
    parts = [f"{STATES.get(row['state'], row['state'] or 'no state known')} {write(row[value])}" for row in beside]
    return f"Not on the map: {', '.join(parts)}."


def _hover(state: str, written: str, schools: float) -> str:
    return f"<b>{STATES[state]}</b><br>{written}<br>{plural(schools, 'school')}"
