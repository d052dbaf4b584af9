"""How far a number is on its way to its target."""

from __future__ import annotations

from collections.abc import Callable

from dash import html

from dash_app.components.aria import aria


def progress(name: str, value: float, target: float, write: Callable[[float], str], over: str) -> html.Div:
    """A bar and its words; ``over`` says for how long the target is. ``target`` is above 0."""
    reached = value / target
    says = f"{reached:.0%} of the target {write(target)}{over}"
    bar = html.Div(html.Div(style={"width": f"{min(reached, 1):.1%}"}), className="bar-track")
    return html.Div(
        [bar, html.P(says, className="kpi-note")], className="kpi-target", role="group", **aria(label=f"{name}: {says}")
    )
