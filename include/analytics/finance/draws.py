"""Random draws that several parts of a simulated future share."""

from __future__ import annotations

import numpy as np

from include.analytics.finance.volume import Level


def draw_levels(rng: np.random.Generator, level: Level, paths: int, days: int) -> np.ndarray:
    """Random walks of the log level from today's, (paths, days); centred so that the mean stays."""
    start = rng.normal(0.0, level.error, (paths, 1))
    steps = np.cumsum(rng.normal(0.0, level.daily_drift, (paths, days)), axis=1)
    variance = level.error**2 + level.daily_drift**2 * np.arange(1, days + 1)
    return np.asarray(level.level * np.exp(start + steps - variance / 2))


def draw_counts(rng: np.random.Generator, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """Counts with that mean and variance ``dispersion`` x mean: negative binomial, Poisson at a dispersion of 1."""
    mean = np.round(mean, 9)  # the last bits depend on how the machine adds, and one of them can turn a draw
    if dispersion <= 1.0 + 1e-9:
        return rng.poisson(mean).astype(float)
    return rng.poisson(rng.gamma(np.maximum(mean, 1e-12) / (dispersion - 1)) * (dispersion - 1)).astype(float)
