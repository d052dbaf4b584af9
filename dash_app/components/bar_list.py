"""A ranking or a few counts as a list of bars: HTML, so that names never collide with bars on a narrow screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dash import html

from dash_app.components.aria import aria

BARS_SHOWN = 10


class Bar(NamedTuple):
    """One line: a name, its number as it is written, the number itself (>= 0), and a detail in small print."""

    name: str
    written: str
    number: float
    detail: str = ""


def bar_list(list_id: str, bars: Sequence[Bar], colour: str, full: float | None = None) -> html.Ol:
    """The first ten bars in the order given. ``colour``: money or people; ``full``: the number of a full bar, else the
    greatest shown."""
    shown = list(bars)[:BARS_SHOWN]
    full = full or max((bar.number for bar in shown), default=0) or 1
    return html.Ol([_line(bar, bar.number / full) for bar in shown], id=list_id, className=f"bar-list {colour}")


def _line(bar: Bar, share: float) -> html.Li:
    return html.Li(
        [
            html.Div(
                [
                    html.Span(bar.name, className="bar-name", title=bar.name),
                    html.Span(bar.detail, className="bar-detail"),
                    html.Span(bar.written, className="bar-number"),
                ],
                className="bar-text",
            ),
            html.Div(html.Div(style={"width": f"{share:.2%}"}), className="bar-track", **aria(hidden="true")),
        ]
    )
