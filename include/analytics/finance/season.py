"""Weekday and school year: factors on a daily count, what was seen drawn towards what is known of schools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

#: What a month of the school year does to invitations and sign-ups until a world has seen that month itself: the
#: summer trough, the start of school, the holidays in December.
SCHOOL_YEAR = np.array([1.0, 1.0, 1.0, 1.0, 0.97, 0.80, 0.80, 1.20, 1.25, 1.05, 1.0, 0.90])
PRIOR_SPREAD = 0.12  # of a month's factor, on the log scale, around the school year above
YEAR_SPREAD = 0.12  # by how much one year's month differs from another's
WEEKDAY_SPREAD = 0.10


@dataclass(frozen=True)
class Season:
    """Factors by month (12, January first) and weekday (7, Monday first); on average about 1."""

    months: np.ndarray
    weekdays: np.ndarray

    def on(self, first: date, days: int) -> np.ndarray:
        """The factor of each day from ``first``, shape (days,)."""
        month, weekday = calendar(first, days)
        return self.months[month] * self.weekdays[weekday]


NO_SEASON = Season(np.ones(12), np.ones(7))


def calendar(first: date, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Month (0 to 11) and weekday (0 is Monday) of each day."""
    dates = [first + timedelta(days=number) for number in range(days)]
    return np.array([day.month - 1 for day in dates], int), np.array([day.weekday() for day in dates], int)


def fit_season(counts: np.ndarray, base: np.ndarray, first: date, dispersion: float) -> Season:
    """The season in ``counts`` (days,) beside ``base``, what would be expected without one.

    A month's factor is the mean of its years' log ratios, each weighted by how sure it is (counting scatter and
    YEAR_SPREAD), drawn towards SCHOOL_YEAR. Ratios are taken against the level of the twelve months around, so that a
    trend is no season: with less than a year, against all days after removing the prior.
    """
    month, weekday = calendar(first, len(counts))
    months = SCHOOL_YEAR.copy()
    weekdays = _shrunk_weekdays(counts, base * months[month], weekday, dispersion)
    block = np.cumsum(np.diff(month, prepend=month[:1]) != 0) if len(month) else month
    if block.size and block[-1] >= 2:
        seen = np.bincount(block, counts)
        plain = np.bincount(block, base * weekdays[weekday])
        of_block = np.array([month[block == number][0] for number in range(block[-1] + 1)])
        level = _level(seen, plain * months[of_block])
        usable = seen > 0
        ratio = np.log(np.maximum(seen, 0.5) / np.maximum(plain * level, 1e-9))
        precision = np.where(usable, 1 / (YEAR_SPREAD**2 + dispersion / np.maximum(seen, 1)), 0.0)
        strength = np.bincount(of_block, precision, minlength=12)
        total = np.bincount(of_block, precision * ratio, minlength=12)
        prior = 1 / PRIOR_SPREAD**2
        months = np.exp((total + prior * np.log(SCHOOL_YEAR)) / (strength + prior))
        weekdays = _shrunk_weekdays(counts, base * months[month], weekday, dispersion)
    return Season(months, weekdays)


def _level(seen: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Seen / expected over the twelve months around each month: what is not season."""
    levels = np.ones(len(seen))
    for place in range(len(seen)):
        begin, end = max(0, place - 6), min(len(seen), place + 7)
        total = expected[begin:end].sum()
        levels[place] = seen[begin:end].sum() / total if total > 0 else 1.0
    return np.maximum(levels, 1e-6)


def _shrunk_weekdays(counts: np.ndarray, expected: np.ndarray, weekday: np.ndarray, dispersion: float) -> np.ndarray:
    seen, plain = np.bincount(weekday, counts, minlength=7), np.bincount(weekday, expected, minlength=7)
    if plain.sum() <= 0 or seen.sum() <= 0:
        return np.ones(7)
    scale = seen.sum() / plain.sum()
    credible = WEEKDAY_SPREAD**2 / (WEEKDAY_SPREAD**2 + dispersion / np.maximum(seen, 1))
    ratio = np.log(np.maximum(seen, 0.5) / np.maximum(plain * scale, 1e-9))
    factor = np.exp(credible * ratio)
    return np.asarray(factor / factor.mean())
