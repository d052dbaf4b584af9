"""Runs of landing days, as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """First and last day of each unbroken run of days; the days come in order."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and runs[-1][1] == day - timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def span(first: date, last: date) -> str:
    """``Landing day 2026-01-01`` or ``Landing days 2026-01-01 .. 2026-01-03``."""
    return f"Landing day {first}" if first == last else f"Landing days {first} .. {last}"


def days_between(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``, both included."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
