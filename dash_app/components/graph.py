"""The one place that makes a dcc.Graph."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from dash_app.components.aria import aria

#: Plotly's defaults offer to post the chart to a server of theirs and fetch map outlines from another.
SAFE_CONFIG: Any = {
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "displayModeBar": False,
    "topojsonURL": "/assets/vendor/topojson/",
    "responsive": True,
}


def graph(graph_id: str, figure: go.Figure, says: str, height: str) -> html.Div:
    """A chart; ``height`` is a CSS length. ``says`` is what it shows, in words, for those who cannot see it."""
    return html.Div(
        dcc.Graph(id=graph_id, figure=figure, config=SAFE_CONFIG, responsive=True, style={"height": height}),
        role="group",
        **aria(label=says),
    )
