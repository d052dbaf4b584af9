"""Numbers and days as a person says them."""

from __future__ import annotations

from datetime import date


def number(value: float) -> str:
    """A number without false precision: 1,204 or 29 or 5.6 or 0.031."""
    if value == int(value) or abs(value) >= 10:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:,.3g}"


def long_day(day: date) -> str:
    """Tuesday 24 November."""
    return f"{day:%A} {day.day} {day:%B}"


def short_day(day: date) -> str:
    """Tue 24 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def span(lower: float | None, upper: float | None) -> str | None:
    """What is usual; None when that is not known. Beside an upper bound of 10 or more a lower one is whole too."""
    if lower is not None and upper is not None:
        lowest = max(lower, 0.0) if upper >= 0 else lower
        return f"{number(round(lowest) if upper >= 10 else lowest)} to {number(upper)}"
    if lower is not None:
        return f"at least {number(lower)}"
    if upper is None:
        return None
    return f"at most {number(upper)}" if upper > 0 else number(upper)


def difference(actual: float, expected: float) -> str:
    """How far a number is from what was expected."""
    if expected <= 0:
        return f"{number(actual)} where {number(expected)} was expected"
    if actual >= 2 * expected:
        return f"{actual / expected:.1f} times the expected {number(expected)}"
    share = abs(actual - expected) / expected
    return f"{share:.0%} {'less' if actual < expected else 'more'} than the expected {number(expected)}"


def since(first: date, day: date) -> str:
    """Since when something lasts, seen on ``day``."""
    days = (day - first).days + 1
    return f"{long_day(first)}, the first day" if days <= 1 else f"{long_day(first)}, {days} days"


def counted(count: int, one: str, many: str) -> str:
    """``1 thing looks wrong``, ``3 things look wrong``."""
    return f"{count} {one if count == 1 else many}"
