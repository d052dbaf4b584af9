"""How unevenly offspring are spread over users, beside what luck alone would give; tables in, tables out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd

from include.analytics.network.luck import (
    TOP_SHARES,
    dispersion,
    gini,
    lorenz,
    lucky_histograms,
    negative_binomial_histogram,
    poisson_histogram,
    top_share,
    unlikely,
)
from include.analytics.network.tables import stacked

SPREAD_COLUMNS = {
    "window_days": "int64", "measure": "string", "value": "float64", "value_low": "float64", "value_high": "float64",
    "by_luck": "float64", "by_luck_low": "float64", "by_luck_high": "float64",
}  # fmt: skip
COUNT_COLUMNS = {
    "window_days": "int64", "offspring": "int64", "users": "int64", "users_by_luck": "float64",
    "users_fitted": "float64", "luck_p_value": "float64", "luck_q_value": "float64",
}  # fmt: skip
LORENZ_COLUMNS = {
    "window_days": "int64", "user_percent": "int64", "offspring_share": "float64", "offspring_share_by_luck": "float64",
}  # fmt: skip
PERCENT = np.arange(101)


def histograms(counts: pd.DataFrame) -> Iterator[tuple[int, np.ndarray]]:
    """Each window and its users per count, shape (greatest count + 1,); windows without users are left out.

    ``counts`` has one row per window and count that occurs: columns window_days, offspring, users.
    """
    for window in sorted(counts["window_days"].unique().tolist()):
        rows = counts[counts["window_days"] == window]
        histogram = np.zeros(int(rows["offspring"].max()) + 1, dtype=np.int64)
        histogram[rows["offspring"].to_numpy(int)] = rows["users"].to_numpy(int)
        yield window, histogram


def spread(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per window and measure; columns ``SPREAD_COLUMNS``, shares and Gini with what luck would give.

    Measures: ``top_1_share``, ``top_10_share``, ``top_20_share``, ``gini`` and ``dispersion_k``. By luck: the value of
    the expected Poisson counts of the same mean, and the range of the middle 95 % of simulated worlds. ``counts`` as in
    ``histograms``. Measures without a value (nobody brought anyone) have no row.
    """
    rows: list[tuple[object, ...]] = []
    for window, histogram in histograms(counts):
        fitted = dispersion(histogram)
        if fitted is None:
            continue
        users = int(histogram.sum())
        mean = float((np.arange(len(histogram)) * histogram).sum() / users)
        expected, worlds = poisson_histogram(users, mean), lucky_histograms(users, mean)
        measures: dict[str, Callable[[np.ndarray], float]] = {
            f"top_{share * 100:.0f}_share": partial(top_share, share=share) for share in TOP_SHARES
        }
        measures["gini"] = gini
        for name, measure in measures.items():
            drawn = np.array([measure(world) for world in worlds])
            drawn = drawn[~np.isnan(drawn)]
            low, high = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (math.nan, math.nan)
            rows.append((window, name, measure(histogram), math.nan, math.nan, measure(expected), low, high))
        ends = [math.nan if math.isinf(value) else value for value in fitted]
        rows.append((window, "dispersion_k", *ends, math.nan, math.nan, math.nan))
    return stacked([pd.DataFrame(rows, columns=list(SPREAD_COLUMNS)).round(6)] if rows else [], SPREAD_COLUMNS)


def offspring_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per window and count of offspring from 0 to the greatest; columns ``COUNT_COLUMNS``.

    Expected users by luck (Poisson of the same mean) and under the fitted negative binomial, and how likely luck makes
    that many or more; the q-value is missing where nobody has the count. ``counts`` as in ``histograms``.
    """
    tables = []
    for window, histogram in histograms(counts):
        users = float(histogram.sum())
        mean = float((np.arange(len(histogram)) * histogram).sum() / users)
        fitted, greatest = dispersion(histogram), len(histogram) - 1
        chances, adjusted = unlikely(histogram)
        table = pd.DataFrame({"offspring": np.arange(greatest + 1), "users": histogram})
        table["users_by_luck"] = negative_binomial_histogram(users, mean, math.inf, greatest)
        table["users_fitted"] = negative_binomial_histogram(users, mean, fitted.k if fitted else math.inf, greatest)
        table["luck_p_value"], table["luck_q_value"] = chances, adjusted
        table.insert(0, "window_days", window)
        tables.append(table.round(12))
    return stacked(tables, COUNT_COLUMNS)


def lorenz_curves(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per window and percentage of users, 0 .. 100, those with the most offspring first; ``LORENZ_COLUMNS``.

    ``counts`` as in ``histograms``; a window in which nobody brought anyone has no row.
    """
    tables = []
    for window, histogram in histograms(counts):
        users, offspring = float(histogram.sum()), float((np.arange(len(histogram)) * histogram).sum())
        if offspring == 0:
            continue
        table = pd.DataFrame({"user_percent": PERCENT, "offspring_share": lorenz(histogram, PERCENT)})
        table["offspring_share_by_luck"] = lorenz(poisson_histogram(users, offspring / users), PERCENT)
        table.insert(0, "window_days", window)
        tables.append(table.round(6))
    return stacked(tables, LORENZ_COLUMNS)
