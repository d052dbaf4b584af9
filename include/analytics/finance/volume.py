"""How many invitations are sent: people by the age at which they invite, times season, times a level that drifts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from include.analytics.finance.known import Known
from include.analytics.finance.season import SCHOOL_YEAR, Season, fit_season

#: Days since sign-up (or since the first landing, for people who were there before) that share one rate of inviting.
AGE_EDGES = (0, 7, 14, 21, 28, 42, 56, 84, 112, 168, 252, 365)
NEXT_AGE_RATE = 0.45  # what an age that nobody has reached yet sends, beside the age before
PRIOR_SENDS = 5.0  # how many invitations that assumption is worth
HALF_LIFE_DAYS = 21.0  # of what a day says about today's level
BLOCK_DAYS = 28
BLOCK_SPREAD = 0.22  # how far the level usually moves in 28 days, on the log scale; worth PRIOR_BLOCKS seen blocks
PRIOR_BLOCKS = 3.0


@dataclass(frozen=True)
class Level:
    """A daily count: ``level`` times ``season`` times its base; with how sure that is.

    ``daily_drift`` is the standard deviation of the log level's daily step, ``error`` that of today's level,
    ``dispersion`` the variance of a day's count over its mean.
    """

    season: Season
    level: float
    error: float
    daily_drift: float
    dispersion: float


@dataclass(frozen=True)
class Volume:
    """Invitations per exposed person and day by age (ages,), and the levels of invitations and of other sign-ups."""

    rate: np.ndarray
    sends: Level
    strangers: Level


def exposures(joined: np.ndarray) -> np.ndarray:
    """People by day (rows) and age bucket (columns), from people by day of joining (days,)."""
    total = np.concatenate([[0.0], np.cumsum(joined)])
    days = len(joined)
    today = np.arange(days)
    table = np.zeros((days, len(AGE_EDGES)))
    for bucket, youngest in enumerate(AGE_EDGES):
        oldest = AGE_EDGES[bucket + 1] if bucket + 1 < len(AGE_EDGES) else days + 1
        table[:, bucket] = total[np.maximum(today - youngest + 1, 0)] - total[np.maximum(today - oldest + 1, 0)]
    return table


def invitation_rates(sends: np.ndarray, exposed: np.ndarray) -> np.ndarray:
    """Invitations per exposed person-day by age bucket, each drawn towards NEXT_AGE_RATE of the one before."""
    rates = np.zeros(len(sends))
    for bucket, (sent, people) in enumerate(zip(sends, exposed, strict=True)):
        if bucket == 0:
            rates[0] = sent / people if people else 0.0
            continue
        prior = rates[bucket - 1] * NEXT_AGE_RATE
        worth = PRIOR_SENDS / prior if prior > 0 else 0.0
        rates[bucket] = (sent + worth * prior) / (people + worth) if people + worth else 0.0
    return rates


def by_age(rates: np.ndarray, ages: int) -> np.ndarray:
    """The rate of each age in days, (ages,), from the rate of each bucket."""
    return rates[np.searchsorted(AGE_EDGES, np.arange(ages), side="right") - 1]


def joined_by_day(known: Known) -> np.ndarray:
    """People by the day from which they can invite; those who were there before all came on the first."""
    joined = known.signups.copy()
    if len(joined):
        joined[0] += known.founders
    return joined


def fit_volume(known: Known) -> Volume:
    """Estimate rates, seasons and levels; season and rates in turns, since each is measured beside the other."""
    first = known.origin - timedelta(days=known.days)
    exposed = exposures(joined_by_day(known))
    edges = np.searchsorted(AGE_EDGES, np.arange(known.days), side="right") - 1
    sends_by_bucket = np.zeros((known.days, len(AGE_EDGES)))
    for bucket in range(len(AGE_EDGES)):
        sends_by_bucket[:, bucket] = known.sends_by_age[:, edges == bucket].sum(axis=1)
    season, base = Season(SCHOOL_YEAR, np.ones(7)), np.zeros(known.days)
    rate = np.zeros(len(AGE_EDGES))
    for _ in range(3):
        factor = season.on(first, known.days)
        rate = invitation_rates(sends_by_bucket.sum(axis=0), (exposed * factor[:, None]).sum(axis=0))
        base = exposed @ rate
        dispersion = dispersion_of(known.sends, base * season.on(first, known.days))
        season = fit_season(known.sends, base, first, dispersion)
    strangers = np.maximum(known.signups - known.joined_by_referral, 0.0)
    flat = np.full(known.days, strangers.mean() if known.days else 0.0)
    strangers_season = fit_season(strangers, flat, first, dispersion_of(strangers, flat))
    return Volume(
        rate=rate,
        sends=fit_level(known.sends, base, season, first),
        strangers=fit_level(strangers, flat, strangers_season, first),
    )


def fit_level(counts: np.ndarray, base: np.ndarray, season: Season, first: date) -> Level:
    """Today's level of ``counts`` beside base and season; days count by a half-life, drift comes from 28-day blocks."""
    expected = base * season.on(first, len(counts))
    dispersion = dispersion_of(counts, expected)
    weight = 0.5 ** (np.arange(len(counts))[::-1] / HALF_LIFE_DAYS)
    seen, due = float((weight * counts).sum()), float((weight * expected).sum())
    level = (seen + dispersion) / (due + dispersion) if due + dispersion > 0 else 1.0
    drift = _drift(counts, expected, dispersion)
    error = np.sqrt(dispersion / max(seen, 1.0) / 2 + drift**2 * HALF_LIFE_DAYS / 2)
    return Level(season, level, float(error), drift, dispersion)


def _drift(counts: np.ndarray, expected: np.ndarray, dispersion: float) -> float:
    """Daily standard deviation of the log level, from how blocks of 28 days differ beyond counting scatter."""
    blocks = len(counts) // BLOCK_DAYS
    used = blocks * BLOCK_DAYS
    excess = []
    if blocks >= 2:
        seen = counts[-used:].reshape(blocks, BLOCK_DAYS).sum(axis=1)
        due = expected[-used:].reshape(blocks, BLOCK_DAYS).sum(axis=1)
        ratio = np.log((seen + 0.5) / (due + 0.5))
        scatter = dispersion / np.maximum(seen, 1.0)
        excess = list(np.diff(ratio) ** 2 - scatter[1:] - scatter[:-1])
    variance = (PRIOR_BLOCKS * BLOCK_SPREAD**2 + sum(excess)) / (PRIOR_BLOCKS + len(excess))
    return float(np.sqrt(np.clip(variance, 0.04**2, 0.5**2) / BLOCK_DAYS))


def dispersion_of(counts: np.ndarray, expected: np.ndarray) -> float:
    """Variance over mean of daily counts around what is expected (Pearson's chi-square per day); at least 1."""
    usable = expected > 0.05
    if usable.sum() < 14:
        return 2.0
    chi = (counts[usable] - expected[usable]) ** 2 / expected[usable]
    return float(np.clip(chi.mean(), 1.0, 50.0))
