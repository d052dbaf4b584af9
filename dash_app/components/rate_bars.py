"""Rates of groups as bars; a group of fewer than 20 is an interval without a bar, and is not ranked."""

from __future__ import annotations

from dash_app.components.bar_list import Bar
from dash_app.formats import FEW, count, share, wilson


def rate_bar(name: str, numerator: float, denominator: float) -> Bar:
    """One line: the share, with what it is made of in small print."""
    made_of = f"{count(numerator)} of {count(denominator)}"
    if denominator < FEW:
        low, high = wilson(numerator, denominator)
        return Bar(name, f"{low:.0%} to {high:.0%}", 0, f"{made_of}: too few for a rate")
    return Bar(name, share(numerator / denominator), numerator / denominator, made_of)


def step_bar(name: str, reached: float, before: float) -> Bar:
    """One step of a funnel: how many reached it, and the share of the step ``before`` (NaN: there is none)."""
    detail = f"{share(reached / before)} of the step before, {count(before - reached)} lost" if before > 0 else ""
    return Bar(name, count(reached), reached, detail)
