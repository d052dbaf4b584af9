"""What a point more at one step is worth: extra scans and money raised, with later steps at the rates they have."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

POINT = 0.01
DAYS = 90
#: Two-sided 95 % of the normal distribution.
Z95 = 1.959963984540054
#: With fewer people on either side a mean says too little to be multiplied.
LEAST_USERS = 20

COLUMNS = [
    "step_number", "step", "base_days", "units", "passed_units", "users_passed", "users_not_passed", "extra_units",
    "extra_scans", "extra_scans_low", "extra_scans_high",
    "extra_raised_usd", "extra_raised_usd_low", "extra_raised_usd_high",
]  # fmt: skip


class Ratio(NamedTuple):
    """An amount per unit, and the variance of that estimate."""

    value: float
    variance: float


def ratio(amounts: np.ndarray, units: np.ndarray) -> Ratio:
    """Sum of amounts over sum of units, both of shape (users,).

    The variance is linearised with users as clusters (Cochran, Sampling Techniques, 1977, section 6.3), so that many
    units of one user do not count as many witnesses. With one unit each it is that of a mean.
    """
    value = amounts.sum() / units.sum()
    users = len(amounts)
    residuals = amounts - value * units
    return Ratio(float(value), float(users / (users - 1) * (residuals**2).sum() / units.sum() ** 2))


def opportunities(values: pd.DataFrame, volumes: pd.DataFrame) -> pd.DataFrame:
    """One row per step of ``volumes``, in order of ``step_number``; columns ``COLUMNS``.

    ``values`` has one row per step, user and is_passed: columns units, scans, raised_usd. ``volumes`` has one row per
    step: columns step_number, step, base_days, units, passed_units. An extra unit that passes brings what one that
    passes brings on average, less what one that does not pass brings: a difference between people who did and people
    who did not, so a bound to what a change would bring rather than a promise. Extra amounts are missing with fewer
    than ``LEAST_USERS`` users on either side.
    """
    rows = []
    for volume in volumes.sort_values("step_number").to_dict("records"):
        of_step = values[values["step"] == volume["step"]].sort_values("user_id")
        passed, stayed = of_step[of_step["is_passed"]], of_step[~of_step["is_passed"].astype(bool)]
        extra_units = POINT * volume["units"] * DAYS / volume["base_days"] if volume["base_days"] > 0 else math.nan
        row = {
            **volume,
            "users_passed": len(passed),
            "users_not_passed": len(stayed),
            "extra_units": round(extra_units, 6),
        }
        for amount, name in (("scans", "extra_scans"), ("raised_usd", "extra_raised_usd")):
            row[name], row[f"{name}_low"], row[f"{name}_high"] = _extra(passed, stayed, amount, extra_units)
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(COLUMNS[7:], float))


def _extra(passed: pd.DataFrame, stayed: pd.DataFrame, amount: str, extra_units: float) -> tuple[float, float, float]:
    """The extra amount and its 95 % interval; missing where too few people were seen."""
    if min(len(passed), len(stayed)) < LEAST_USERS:
        return math.nan, math.nan, math.nan
    with_it, without = (
        ratio(group[amount].to_numpy(float), group["units"].to_numpy(float)) for group in (passed, stayed)
    )
    gain, spread = with_it.value - without.value, Z95 * math.sqrt(with_it.variance + without.variance)
    low, high = (round(extra_units * (gain + side * spread), 6) for side in (-1, 1))
    return round(extra_units * gain, 6), low, high
