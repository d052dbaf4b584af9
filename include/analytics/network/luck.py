"""What chance alone would give: everybody brings as many people on average, and who brings how many is luck."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaln
from scipy.stats import chi2, false_discovery_control, nbinom, poisson

#: Simulated worlds without any difference between people.
REPLICATES = 1000
SEED = 20260301
TOP_SHARES = (0.01, 0.1, 0.2)

#: Dispersions between which the likelihood is searched; beyond the upper one a Poisson count fits as well.
LEAST_K, MOST_K = 1e-4, 1e4


class Dispersion(NamedTuple):
    """The k of a negative binomial and its 95 % interval; missing ends are infinite, which is a Poisson count."""

    k: float
    low: float
    high: float


def expanded(histogram: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Counts that occur, greatest first, and how many users have each; of users per count, shape (greatest + 1,)."""
    counts = np.flatnonzero(histogram)[::-1]
    return counts, histogram[counts].astype(float)


def top_share(histogram: np.ndarray, share: float) -> float:
    """Share of all offspring that the given share of users with the most offspring has; nan without offspring.

    ``histogram[y]`` is the number of users with ``y`` offspring. A share that ends inside a group of equal users takes
    its part of the group.
    """
    counts, users = expanded(histogram)
    total = float((counts * users).sum())
    if total == 0:
        return math.nan
    taken = np.clip(share * users.sum() - (np.cumsum(users) - users), 0, users)
    return float((taken * counts).sum() / total)


def gini(histogram: np.ndarray) -> float:
    """Gini coefficient of the offspring of all users, those without any included; nan without offspring.

    One minus twice the area below the Lorenz curve. It depends on the mean: the rarer offspring are, the nearer to 1.
    """
    counts, users = expanded(histogram)
    total = float((counts * users).sum())
    if total == 0:
        return math.nan
    below_users, held = users[::-1] / users.sum(), (counts * users)[::-1] / total
    below_area = (below_users * (np.cumsum(held) - held / 2)).sum()
    return float(1 - 2 * below_area)


def lorenz(histogram: np.ndarray, percent: np.ndarray) -> np.ndarray:
    """Share of offspring of the given top percentages of users, each as in ``top_share``."""
    return np.array([top_share(histogram, value / 100) for value in percent])


def poisson_histogram(users: float, mean: float) -> np.ndarray:
    """Expected users per count if offspring were Poisson with this mean; the tail is cut where nobody is expected."""
    greatest = int(poisson.isf(1e-12, mean)) + 1
    return users * poisson.pmf(np.arange(greatest + 1), mean)


def lucky_histograms(users: int, mean: float) -> np.ndarray:
    """Histograms of ``REPLICATES`` worlds of ``users`` Poisson counts with one mean, shape (replicates, counts)."""
    chances = poisson_histogram(1.0, mean)
    return np.random.default_rng(SEED).multinomial(users, chances / chances.sum(), size=REPLICATES)


def unlikely(histogram: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The chance of each count or more by luck, and its q-value over all users; both of the shape of ``histogram``.

    Benjamini and Hochberg (1995): among users with q at most 5 %, no more than 5 % are expected to be merely lucky.
    """
    users = int(histogram.sum())
    mean = float((np.arange(len(histogram)) * histogram).sum() / users)
    chances = poisson.sf(np.arange(len(histogram)) - 1, mean)
    of_users = np.repeat(chances, histogram)
    adjusted = false_discovery_control(of_users) if users else of_users
    first = np.minimum(np.cumsum(histogram) - histogram, users - 1)
    return chances, np.where(histogram > 0, adjusted[first], np.nan)


def log_likelihood(histogram: np.ndarray, k: float) -> float:
    """Of a negative binomial with the mean of the counts and dispersion k, variance mean + mean^2 / k."""
    counts, users = expanded(histogram)
    mean = float((counts * users).sum() / users.sum())
    terms = gammaln(counts + k) - gammaln(k) - gammaln(counts + 1)
    terms += k * -np.log1p(mean / k) + counts * (math.log(mean) - math.log(k + mean))
    return float((users * terms).sum())


def dispersion(histogram: np.ndarray) -> Dispersion | None:
    """Maximum-likelihood k with its profile-likelihood interval; None without offspring.

    The fitted mean is the sample mean whatever k is, so one number is searched (Lloyd-Smith, Schreiber, Kopp and Getz
    2005; the interval holds the k whose log-likelihood is within chi2(1, 95 %) / 2 of the best). Below 1 a few people
    bring most; infinite means that luck explains the counts.
    """
    if (np.arange(len(histogram)) * histogram).sum() == 0:
        return None
    bottom, top = math.log(LEAST_K), math.log(MOST_K)
    best = minimize_scalar(
        lambda log_k: -log_likelihood(histogram, math.exp(log_k)),
        bounds=(bottom, top),
        method="bounded",
        options={"xatol": 1e-10},
    )
    limit = -best.fun - chi2.ppf(0.95, 1) / 2

    def above(log_k: float) -> float:
        return log_likelihood(histogram, math.exp(log_k)) - limit

    low = math.exp(brentq(above, bottom, best.x)) if above(bottom) < 0 else 0.0
    high = math.exp(brentq(above, best.x, top)) if above(top) < 0 else math.inf
    fitted = math.exp(best.x)
    return Dispersion(fitted if fitted < MOST_K * 0.99 else math.inf, low, high)


def negative_binomial_histogram(users: float, mean: float, k: float, greatest: int) -> np.ndarray:
    """Expected users per count 0 .. ``greatest`` under a negative binomial; a Poisson count for infinite k."""
    counts = np.arange(greatest + 1)
    if math.isinf(k):
        return users * poisson.pmf(counts, mean)
    return users * nbinom.pmf(counts, k, k / (k + mean))
