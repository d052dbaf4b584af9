"""Simulated redemptions and withholdings: what follows awards, by the award's age."""

from __future__ import annotations

import numpy as np

from include.analytics.finance.development import blended, convolve
from include.analytics.finance.draws import draw_counts
from include.analytics.finance.known import Known
from include.analytics.finance.life_table import Development

#: Until a world has seen its own: 60 % of a bonus is spent, 30 days later on average; worth 50 awards at every age.
PRIOR_REDEEMED_SHARE, PRIOR_REDEMPTION_DAYS, PRIOR_AWARDS = 0.6, 30.0, 50.0
DISPERSION = 1.1  # variance of a day's redemptions over their mean; people spend one by one


def redemption_prior(ages: int) -> np.ndarray:
    """The share of an award that is redeemed at each age, as assumed before anything is seen."""
    return PRIOR_REDEEMED_SHARE * np.diff(1 - np.exp(-np.arange(ages + 1) / PRIOR_REDEMPTION_DAYS))


def money_after(
    rng: np.random.Generator, known: Known, money: Development, prior: np.ndarray, awards: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """USD a day that follows awards made before the origin, and after it (``awards``, USD); each (paths, days)."""
    ages, days = len(prior), awards.shape[1]
    price = sum(known.award_usd.values()) / len(known.award_usd)
    rate, exposure = blended(money, prior, PRIOR_AWARDS * price)
    seen = rate * exposure / price + 1e-9  # awards behind the rate
    drawn = rate * rng.gamma(np.broadcast_to(seen, (len(awards), ages))) / seen
    before = np.zeros(awards.shape)
    past = known.awarded_usd[::-1][:ages]
    for ahead in range(min(days, ages - 1)):
        reach = min(len(past), ages - 1 - ahead)
        before[:, ahead] = drawn[:, ahead + 1 : ahead + 1 + reach] @ past[:reach]
    after = convolve(awards, drawn, days)
    return draw_counts(rng, before / price, DISPERSION) * price, draw_counts(rng, after / price, DISPERSION) * price
