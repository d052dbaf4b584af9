"""The one place that makes a Cytoscape graph: what is drawn, how it looks, and the legend of its colours."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import dash_cytoscape as cyto
from dash import html

from dash_app.components.aria import aria
from dash_app.components.template import FONT, PALETTES, Theme

#: Width and height of the picture before it is fitted into its card, px.
WIDE, HIGH = 1100, 380
_SMALLEST, _LARGEST = 18, 46
#: Zoom at most: a single node must not fill the card.
_ZOOM = {"minZoom": 0.2, "maxZoom": 2.5}

Legend = Sequence[tuple[str, str]]


def cytoscape(graph_id: str, elements: list[dict[str, Any]], theme: Theme, says: str) -> html.Div:
    """A graph whose nodes have their places. ``says`` is what it shows, in words, for those who cannot see it."""
    drawing = cyto.Cytoscape(
        id=graph_id,
        elements=elements,
        layout={"name": "preset", "fit": True, "padding": 28},
        stylesheet=_stylesheet(theme),
        style={"width": "100%", "height": "100%"},
        autoungrabify=True,
        boxSelectionEnabled=False,
        **_ZOOM,
    )
    return html.Div(drawing, className="network-canvas", role="group", **aria(label=says))


def node(node_id: int, label: str, at: tuple[float, float], size: float, colour: str, says: str, classes: str) -> dict:
    """One node; ``says`` is shown when it is clicked."""
    data = {"id": str(node_id), "label": label, "size": round(size, 1), "colour": colour, "says": says}
    return {"data": data, "position": {"x": round(at[0], 1), "y": round(at[1], 1)}, "classes": classes}


def edge(source: int, target: int, width: float, classes: str) -> dict:
    """One line from a node to another."""
    data = {"id": f"{source}>{target}", "source": str(source), "target": str(target), "width": round(width, 1)}
    return {"data": data, "classes": classes}


def sizes(values: Sequence[float]) -> list[float]:
    """Diameters, px: areas grow with the values, the greatest of which has the largest."""
    most = max((value for value in values if value == value), default=0)
    known = [max(value, 0) if value == value else 0 for value in values]
    return [_SMALLEST + (_LARGEST - _SMALLEST) * sqrt(value / most) if most > 0 else _SMALLEST for value in known]


def legend(entries: Legend) -> html.Ul:
    """What each colour means."""
    items = [
        html.Li([html.Span(className="swatch", style={"background": colour}, **aria(hidden="true")), name])
        for colour, name in entries
    ]
    return html.Ul(items, className="legend")


def _stylesheet(theme: Theme) -> list[dict[str, Any]]:
    colours = PALETTES[theme]
    return [
        {
            "selector": "node",
            "style": {
                "label": "data(label)",
                "width": "data(size)",
                "height": "data(size)",
                "background-color": "data(colour)",
                "color": colours.ink,
                "font-family": FONT.replace("'", '"'),  # Cytoscape knows no other quotes
                "font-size": 12,
                "min-zoomed-font-size": 7,
                "text-valign": "bottom",
                "text-margin-y": 4,
                "text-wrap": "ellipsis",
                "text-max-width": "110px",
                "text-background-color": colours.hover,
                "text-background-opacity": 0.75,
                "border-width": 0,
                "overlay-opacity": 0,
            },
        },
        {"selector": "node.minor", "style": {"min-zoomed-font-size": 15}},
        {"selector": "node.more", "style": {"border-width": 3, "border-style": "double", "border-color": colours.ink}},
        {"selector": "node.chosen", "style": {"border-width": 4, "border-color": colours.ink, "font-weight": "bold"}},
        {
            "selector": "edge",
            "style": {
                "width": "data(width)",
                "line-color": colours.muted,
                "opacity": 0.5,
                "curve-style": "haystack",
                "haystack-radius": 0,
                "events": "no",
            },
        },
        {"selector": "edge.path", "style": {"line-color": colours.people, "opacity": 1}},
        {
            "selector": "edge.flow",
            "style": {
                "curve-style": "bezier",
                "target-arrow-shape": "triangle",
                "target-arrow-color": colours.muted,
                "arrow-scale": 0.8,
                "opacity": 0.4,
            },
        },
    ]
