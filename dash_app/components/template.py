"""Colours and the look of every chart, for the light and the dark page. Backgrounds are the card's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import plotly.graph_objects as go
import plotly.io as pio

Theme = Literal["light", "dark"]

#: A new figure would take a copy of Plotly's own template, milliseconds each, before it is given ours.
pio.templates.default = None

FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
)


@dataclass(frozen=True)
class Palette:
    """Named by meaning, not by colour."""

    money: str
    people: str
    ink: str
    muted: str
    line: str
    land: str
    money_scale: tuple[str, str]
    people_scale: tuple[str, str]
    hover: str
    kinds: tuple[str, ...]
    """For kinds of things, in the order in which they are told apart best; each 3:1 on a card."""
    alarm: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        money="#0f766e",
        people="#4f46e5",
        ink="#1f2937",
        muted="#5b6472",
        line="#e3e7ec",
        land="#eceff3",
        money_scale=("#cdebe6", "#0f766e"),
        people_scale=("#dddcfb", "#4f46e5"),
        hover="#ffffff",
        kinds=("#4f46e5", "#0f766e", "#b45309", "#be185d", "#0369a1", "#4d7c0f"),
        alarm="#b42318",
    ),
    "dark": Palette(
        money="#2dd4bf",
        people="#a5b4fc",
        ink="#e5e9ef",
        muted="#a3adba",
        line="#38424f",
        land="#2c3540",
        money_scale=("#1d4b49", "#5eead4"),
        people_scale=("#34376b", "#c7d2fe"),
        hover="#1d242d",
        kinds=("#a5b4fc", "#2dd4bf", "#fbbf24", "#f9a8d4", "#7dd3fc", "#bef264"),
        alarm="#f87171",
    ),
}


def as_theme(value: object) -> Theme:
    """The theme a browser says it shows; anything unexpected is light."""
    return "dark" if value == "dark" else "light"


@cache
def template(theme: Theme) -> go.layout.Template:
    """The Plotly template of a theme."""
    colours = PALETTES[theme]
    axis = {
        "gridcolor": colours.line,
        "linecolor": colours.line,
        "zeroline": False,
        "ticks": "",
        "automargin": True,
        "fixedrange": True,  # a thumb that scrolls the page must not zoom the chart
        "title": {"font": {"size": 12, "color": colours.muted}, "standoff": 6},
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": colours.ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": axis | {"showgrid": False},
            "yaxis": axis,
            "colorway": [colours.money, colours.people],
            "bargap": 0.25,
            "hoverlabel": {
                "bgcolor": colours.hover,
                "bordercolor": colours.line,
                "font": {"family": FONT, "color": colours.ink},
            },
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"color": colours.muted, "size": 12},
            },
            "geo": {
                "bgcolor": "rgba(0,0,0,0)",
                "showland": True,
                "landcolor": colours.land,
                "showsubunits": True,
                "subunitcolor": colours.hover,
                "lakecolor": "rgba(0,0,0,0)",
                "showlakes": False,
                "showframe": False,
                "showcoastlines": False,
            },
        }
    )
