"""Rates of groups as bars; a group of fewer than 20 is an interval without a bar, and is not ranked."""

from __future__ import annotations

from dash_app.components.bar_list import Bar
from dash_app.formats import FEW, bare_rate, count


def rate_bar(name: str, numerator: float, denominator: float) -> Bar:
    """One line: the share, with what it is made of in small print."""
    made_of = f"{count(numerator)} of {count(denominator)}"
    told = bare_rate(numerator, denominator)
    if denominator < FEW:
        return Bar(name, told, 0, f"{made_of}: too few for a rate")
    return Bar(name, told, numerator / denominator, made_of)


def step_bar(name: str, reached: float, before: float) -> Bar:
    """One step of a funnel: how many reached it, and the share of the step ``before`` (NaN: there is none)."""
    return Bar(name, count(reached), reached, _of_step_before(reached, before) if before > 0 else "")


def _of_step_before(reached: float, before: float) -> str:
    if reached > before:
        return f"more than the {count(before)} before"
    return f"{bare_rate(reached, before)} of the {count(before)} before, {count(before - reached)} lost"
