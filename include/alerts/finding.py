"""What a check found, as a value: checks make findings, mails word them, alert state remembers them by their key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Severity(IntEnum):
    """How soon somebody should look: CRITICAL today, WARNING this week, INFO in the digest only."""

    INFO = 1
    WARNING = 2
    CRITICAL = 3


@dataclass(frozen=True)
class Segment:
    """A part of the whole that moved, such as one channel or app version; counts of the tested day."""

    dimension: str
    value: str
    actual: float
    expected: float


@dataclass(frozen=True)
class Finding:
    """One thing that looks wrong at T.

    ``key`` names the anomaly while it lasts, such as ``volume:purchases``: two findings of one key on two days are one
    anomaly that goes on. ``lower`` and ``upper`` bound what is usual; None where the check has no range.
    """

    key: str
    severity: Severity
    title: str
    day: date
    advice: str
    actual: float | None = None
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None
    #: Days before and including ``day`` with their counts, oldest first, for the small picture; may be empty.
    history: tuple[tuple[date, float], ...] = ()
    #: The segments that explain it best, the largest first; may be empty.
    segments: tuple[Segment, ...] = ()
    #: Where in the web app to look, such as ``/``.
    page: str = "/"
