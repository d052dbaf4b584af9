"""The small picture of the last weeks: bars as cells of an HTML table.

Mail programs leave out SVG, scripts and often images; a table with coloured cells is shown by all of them, needs no
image and no drawing library.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from include.alerts.mail import Bar, Picture
from include.alerts.wording import number, short_day

HEIGHT = 46
#: Four weeks of bars are 252 pixels wide: they fit a phone.
MOST_BARS = 28
#: Plain text lists as many days.
DAYS_IN_WORDS = 7


def picture(history: Sequence[tuple[date, float]]) -> Picture | None:
    """The newest days of ``history`` (oldest first), the last one marked; None when there is nothing to compare."""
    shown = [*history][-MOST_BARS:]
    if len(shown) < 2:
        return None
    highest = max(max(value for _, value in shown), 0.0) or 1.0
    bars = tuple(
        # A bar of 0 keeps one pixel: a day without anything is there, a missing bar would look like a missing day.
        Bar(max(1, round(HEIGHT * max(value, 0.0) / highest)), is_marked=day == shown[-1][0])
        for day, value in shown
    )
    words = ", ".join(f"{day:%a} {number(value)}" for day, value in shown[-DAYS_IN_WORDS:])
    return Picture(bars, f"{short_day(shown[0][0])} to {short_day(shown[-1][0])}, one bar a day", words)
