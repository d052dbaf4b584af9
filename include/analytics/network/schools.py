"""K of schools, drawn towards the programme's by how little is known about each (empirical Bayes)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import gamma

from include.analytics.network.counts import LEAST_UNITS, mean_variance
from include.analytics.network.tables import stacked

COLUMNS = {
    "school_id": "int64", "programme_k": "float64", "k_shrunk": "float64", "k_shrunk_low": "float64",
    "k_shrunk_high": "float64", "probability_above_programme": "float64", "school_rank": "Int64",
}  # fmt: skip


class Prior(NamedTuple):
    """How K differs between schools: its mean, and its variance, 0 when chance alone explains the differences."""

    mean: float
    variance: float


def prior_of(offspring: np.ndarray, users: np.ndarray) -> Prior:
    """Moments of K over schools; both arrays of shape (schools,), sums over a school's users, which are not 0.

    The method of moments of Marshall (1991, Applied Statistics 40, 283-294) for Poisson counts with unequal exposure:
    the weighted variance of the schools' K, less what Poisson scatter alone explains.
    """
    mean = float(offspring.sum() / users.sum())
    seen = float((users * (offspring / users - mean) ** 2).sum() / users.sum())
    return Prior(mean, max(0.0, seen - mean / float(users.mean())))


def design_effect(offspring: float, offspring_squared: float, users: float) -> float:
    """How many times a Poisson count's the variance of a school's K is, with the user as the unit; 1 at least.

    A school where one user brought nearly everybody has said little about its other members.
    """
    if offspring == 0:
        return 1.0
    return mean_variance(offspring, offspring_squared, users) / (offspring / users**2)


def shrunken(schools: pd.DataFrame) -> pd.DataFrame:
    """One row per school with mature users; columns ``COLUMNS``, in order of school_id.

    ``schools`` has one row per school, -1 for users without one: columns school_id, mature_users, offspring,
    offspring_squared. Gamma-Poisson: the prior's mean and variance are a / b and a / b^2, over schools other than -1.
    The posterior has shape ``a + offspring / d`` and rate ``b + users / d``, with the design effect d of the school
    (Rao and Scott 1992, Biometrics 48, 577-585: clustered counts count as so many independent ones).
    ``programme_k`` is K of all users, -1 included. ``school_rank`` is by the probability of a K above that, then by
    ``k_shrunk``, among schools with ``LEAST_UNITS`` mature users; missing when schools differ by chance only.
    """
    seen = schools[schools["mature_users"] > 0].sort_values("school_id").reset_index(drop=True)
    named = seen[seen["school_id"] != -1]
    if named.empty:
        return stacked([], COLUMNS)
    prior = prior_of(named["offspring"].to_numpy(float), named["mature_users"].to_numpy(float))
    users, offspring = seen["mature_users"].to_numpy(float), seen["offspring"].to_numpy(float)
    programme = float(offspring.sum() / users.sum())
    result = pd.DataFrame({"school_id": seen["school_id"], "programme_k": programme})
    if prior.variance > 0:
        effect = np.array(
            [
                design_effect(*sums)
                for sums in zip(offspring, seen["offspring_squared"].astype(float), users, strict=True)
            ]
        )
        shape = prior.mean**2 / prior.variance + offspring / effect
        rate = prior.mean / prior.variance + users / effect
        posterior = gamma(shape, scale=1 / rate)
        result["k_shrunk"] = shape / rate
        result["k_shrunk_low"], result["k_shrunk_high"] = posterior.ppf(0.025), posterior.ppf(0.975)
        result["probability_above_programme"] = posterior.sf(programme)
    else:
        result["k_shrunk"] = result["k_shrunk_low"] = result["k_shrunk_high"] = prior.mean
        result["probability_above_programme"] = math.nan
    result = result.round(9)
    ranked = result[(seen["mature_users"] >= LEAST_UNITS) & (seen["school_id"] != -1) & (prior.variance > 0)]
    order = ranked.sort_values(
        ["probability_above_programme", "k_shrunk", "school_id"], ascending=[False, False, True]
    ).index
    result["school_rank"] = pd.Series(range(1, len(order) + 1), index=order, dtype="Int64")
    return stacked([result], COLUMNS)
