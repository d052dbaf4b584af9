"""The one place that makes a Cytoscape graph: what is drawn, how it looks, and the legend of its colours."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import dash_cytoscape as cyto
import igraph
from dash import html
from dash.development.base_component import Component

from dash_app.components.aria import aria
from dash_app.components.template import FONT, PALETTES, Theme

#: Width and height of the picture before it is fitted into its card, px.
WIDE, HIGH = 1100, 380
_SMALLEST, _LARGEST = 18, 46
#: Zoom at most: a single node must not fill the card.
_ZOOM = {"minZoom": 0.2, "maxZoom": 2.5}

#: Length of a tie in a picture of some people, px, and of two alone, who would else be blown up to fill it.
_UNIT, _UNIT_OF_TWO = 42, 200

Legend = Sequence[tuple[str, str]]


def picture(
    canvas_id: str,
    title: str,
    captions: Sequence[str | Sequence[Component | str]],
    csv: Component,
    elements: list[dict[str, Any]],
    named: Legend,
    twin: Component,
    theme: Theme,
) -> list[Component]:
    """A graph under its captions and its file, above its legend and the same as a list."""
    lines = [html.P(caption, className="figure-caption") for caption in captions]
    return [
        html.Div([html.Div(lines), csv], className="figure-head"),
        cytoscape(canvas_id, elements, theme, f"{title}; the list is below."),
        legend(named),
        html.Details([html.Summary("Show as table"), twin], className="twin", id=f"{canvas_id}-table"),
    ]


def places(nodes: Sequence[int], ties: Sequence[tuple[int, int]], wide: float = 1) -> list[tuple[float, float]]:
    """Where to draw a few nodes, in px from the middle: Kamada and Kawai (1989) from a circle, always the same.

    ``wide``: by how much the picture is stretched.
    """
    number = {node_id: place for place, node_id in enumerate(nodes)}
    drawn = igraph.Graph(len(nodes), [(number[one], number[other]) for one, other in ties])
    around = drawn.layout_circle()
    found = drawn.layout_kamada_kawai(seed=around) if ties else around
    unit = max(_UNIT, 2 * _UNIT_OF_TWO / max(len(nodes), 2))
    return [(x * unit * wide, y * unit) for x, y in found.coords]


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


def edge(source: int, target: int, width: float, classes: str, kind: str = "") -> dict:
    """One line from a node to another; lines between the same two are told apart by their ``kind``."""
    data = {"id": f"{source}>{target}{kind}", "source": str(source), "target": str(target), "width": round(width, 1)}
    return {"data": data, "classes": classes}


def sizes(values: Sequence[float]) -> list[float]:
    """Diameters, px: areas grow with the values, the greatest of which has the largest."""
    most = max((value for value in values if value == value), default=0)
    known = [max(value, 0) if value == value else 0 for value in values]
    return [_SMALLEST + (_LARGEST - _SMALLEST) * sqrt(value / most) if most > 0 else _SMALLEST for value in known]


def tie_looks(theme: Theme) -> dict[str, tuple[str, str]]:
    """Kind of shared identifier -> colour and style of its line."""
    kinds = PALETTES[theme].kinds
    return {"device": (kinds[2], "solid"), "payment": (kinds[3], "dashed"), "email": (kinds[4], "dotted")}


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
        *(
            {
                "selector": f"edge.{kind}",
                "style": {"curve-style": "bezier", "line-color": colour, "line-style": style, "opacity": 0.9},
            }
            for kind, (colour, style) in tie_looks(theme).items()
        ),
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
