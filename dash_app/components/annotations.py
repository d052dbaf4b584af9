"""Days that explain a bend: a dotted line in every figure over time, a letter above it, and what it stands for below.

The letter stands above the data and the words below the figure, so that neither covers what it explains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from string import ascii_uppercase
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from dash_app.components.template import PALETTES, Theme
from dash_app.filters import day_text

_LETTER_PX = 16
_USUAL_HEIGHT_PX = 300.0


def annotated(parts: Sequence[Component], happened: pd.DataFrame, theme: Theme) -> list[Component]:
    """``parts`` with the days of ``queries.annotations.happened`` in each figure whose x axis is time."""
    for frame, drawn in _graphs(parts):
        span = time_span(drawn.figure)
        if span is None or happened.empty:
            continue
        days = pd.to_datetime(happened["day"])
        inside = happened[(days >= span[0]) & (days <= span[1])]
        lettered = [*zip(ascii_uppercase, inside.to_dict("records"), strict=False)]
        if lettered:
            _draw(drawn, lettered, theme)
            frame.children = [drawn, _words(lettered)]
    return [*parts]


def time_span(figure: go.Figure) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """First and last day of a figure over time, the whole last week of one by week; None for any other figure."""
    values = [value for trace in figure.data for value in _x_of(trace)]
    if not values or not all(isinstance(value, date | np.datetime64) for value in values):
        return None
    days = sorted({pd.Timestamp(value) for value in values})
    is_weekly = {later - day for day, later in pairwise(days)} == {pd.Timedelta(weeks=1)}
    return days[0], days[-1] + pd.Timedelta(days=6 if is_weekly else 0)


def _x_of(trace: Any) -> list[Any]:
    found = getattr(trace, "x", None)
    return [] if found is None else [*found]


def _graphs(parts: Any) -> Iterator[tuple[Any, Any]]:
    """Every graph with the element that holds it alone, as ``components.graph`` makes them."""
    for part in parts if isinstance(parts, list | tuple) else [parts]:
        if not isinstance(part, Component):
            continue
        inside = getattr(part, "children", None)
        if isinstance(inside, dcc.Graph):
            yield part, inside
        else:
            yield from _graphs(inside)


def _draw(drawn: Any, lettered: list[tuple[str, dict]], theme: Theme) -> None:
    colours, figure = PALETTES[theme], drawn.figure
    for letter, row in lettered:
        line = {"color": colours.muted, "width": 1, "dash": "dot"}
        figure.add_shape(
            type="line", xref="x", yref="paper", x0=row["day"], x1=row["day"], y0=0, y1=1, line=line, layer="below"
        )
        figure.add_annotation(
            x=row["day"], y=1, xref="x", yref="paper", yanchor="bottom", text=letter, showarrow=False,
            hovertext=row["title"], font={"size": 11, "color": colours.muted}, borderpad=0,
        )  # fmt: skip
    height = str(drawn.style.get("height", ""))
    pixels = float(height.removesuffix("px")) if height.endswith("px") else _USUAL_HEIGHT_PX
    figure.update_layout(margin={"t": 8 + _LETTER_PX}, legend={"y": 1.02 + 1.4 * _LETTER_PX / pixels})


def _words(lettered: list[tuple[str, dict]]) -> html.Ul:
    lines = [html.Li([html.B(letter), f" {day_text(row['day'])}: {row['title']}"]) for letter, row in lettered]
    return html.Ul(lines, className="annotated")
