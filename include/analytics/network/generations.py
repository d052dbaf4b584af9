"""Where virality breaks: the first generation of the referral forest whose K falls for sure."""

from __future__ import annotations

import math

import pandas as pd
from scipy.stats import norm

from include.analytics.network.counts import LEAST_UNITS, mean_variance
from include.analytics.network.tables import stacked

#: The chance to call a fall in any generation when there is none.
ERROR_RATE = 0.05

COLUMNS = {"window_days": "int64", "generation": "int64", "fall_p_value": "float64", "is_first_fall": "bool"}


def falls(sums: pd.DataFrame) -> pd.DataFrame:
    """One row per window and generation that can be compared with the one before it; columns ``COLUMNS``.

    ``sums`` has one row per window and generation: columns window_days, generation, mature_users, offspring,
    offspring_squared. Both generations need ``LEAST_UNITS`` mature users. ``fall_p_value`` is one-sided, of Welch's
    test on the two means (Welch 1947, with the normal distribution), times the number of generations tested in the
    window (Bonferroni). ``is_first_fall`` marks the lowest generation where it is at most ``ERROR_RATE``.
    """
    tables = []
    for window, of_window in sums.groupby("window_days", sort=True):
        enough = of_window[of_window["mature_users"] >= LEAST_UNITS].set_index("generation").sort_index()
        compared = [generation for generation in enough.index if generation - 1 in enough.index]
        values = [min(1.0, _fall(enough, generation) * len(compared)) for generation in compared]
        first = next((g for g, value in zip(compared, values, strict=True) if value <= ERROR_RATE), None)
        table = pd.DataFrame({"generation": compared, "fall_p_value": values}).round(9)
        tables.append(table.assign(window_days=window, is_first_fall=table["generation"] == first))
    return stacked(tables, COLUMNS)


def _fall(generations: pd.DataFrame, generation: int) -> float:
    """The chance of a fall at least as deep as the one seen, if the two generations had the same K."""
    before, spread_before = _mean(generations, generation - 1)
    now, spread_now = _mean(generations, generation)
    spread = math.sqrt(spread_before + spread_now)
    return float(norm.sf((before - now) / spread)) if spread > 0 else 1.0


def _mean(generations: pd.DataFrame, generation: int) -> tuple[float, float]:
    """K of a generation and its variance."""
    users, total, squares = (
        float(generations[name].loc[generation]) for name in ("mature_users", "offspring", "offspring_squared")
    )
    return total / users, mean_variance(total, squares, users)
