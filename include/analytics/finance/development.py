"""Development by age: discrete-time hazards of a step, and the additive method for money that follows awards."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from include.analytics.finance.life_table import Development

#: Ages that share one rate: days at first, then weeks, then months; later ages are rare and alike.
BUCKETS = (0, 1, 2, 3, 4, 5, 6, 7, 10, 14, 21, 28, 35, 42, 49, 56, 70, 84, 112, 140, 180)


def hazards(step: Development) -> np.ndarray:
    """The chance of the step at each age among units that have not taken it: events / at risk; 0 without any at risk.

    Discrete-time life table, the hazard form of the Kaplan-Meier estimate.
    """
    return np.divide(step.events, step.at_risk, out=np.zeros_like(step.events), where=step.at_risk > 0)


def draw_hazards(rng: np.random.Generator, step: Development, dispersion: float, paths: int) -> np.ndarray:
    """Hazards drawn from their uncertainty, shape (paths, ages): Beta with the seen counts divided by ``dispersion``.

    The prior is worth one unit at the hazard pooled over all ages that were seen, and half as much per age beyond them:
    without that, a few days of history would promise that every invitation is applied some time.
    """
    risk = step.at_risk.sum()
    oldest_seen = np.flatnonzero(step.at_risk).max(initial=0)
    beyond = np.maximum(np.arange(len(step.at_risk)) - oldest_seen, 0)
    pooled = (step.events.sum() / risk if risk else 0.0) * 0.5**beyond
    events = np.minimum(step.events, step.at_risk)
    shape = (paths, len(events))
    took = rng.gamma(np.broadcast_to((events / dispersion + pooled).clip(1e-9), shape))
    stayed = rng.gamma(np.broadcast_to(((step.at_risk - events) / dispersion + 1 - pooled).clip(1e-9), shape))
    total = took + stayed
    return np.divide(took, total, out=np.zeros(shape), where=total > 0)


def timing(hazard: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The chance that the step falls on each age, and that it has not been taken by the end of it; last axis ages."""
    still = np.cumprod(1 - hazard, axis=-1)
    before = np.concatenate([np.ones((*hazard.shape[:-1], 1)), still[..., :-1]], axis=-1)
    return before * hazard, still


def additive(money: Development) -> np.ndarray:
    """Additive development m_k = amount at age k / awards exposed to age k; 0 where nothing was exposed.

    Stanard-Buehlmann's incremental loss ratios; product_reference 6.3.
    """
    return np.divide(money.events, money.exposed, out=np.zeros_like(money.events), where=money.exposed > 0)


def bornhuetter_ferguson(so_far: float, exposure: float, share_developed: float, prior: float) -> float:
    """Ultimate amount of a cohort: what came so far and, of what is undeveloped, the prior share of its exposure."""
    return so_far + (1 - share_developed) * prior * exposure


def blended(money: Development, prior: np.ndarray, prior_exposure: float) -> tuple[np.ndarray, np.ndarray]:
    """Rates per age for the future, and the exposure behind each, shape (ages,): seen and prior by credibility.

    Bornhuetter-Ferguson at the level of ages: an age that few awards have reached is paid by the prior, one that many
    have reached by what was seen. Neighbouring ages of ``BUCKETS`` share one level.
    """
    ages = len(prior)
    rate, weight = np.zeros(ages), np.zeros(ages)
    edges = [edge for edge in BUCKETS if edge < ages] + [ages]
    for begin, end in pairwise(edges):
        exposed, expected = money.exposed[begin:end].sum(), prior[begin:end].sum()
        level = (money.events[begin:end].sum() + prior_exposure * expected) / (exposed + prior_exposure * (end - begin))
        shape = prior[begin:end] / expected if expected else np.full(end - begin, 1 / (end - begin))
        # a flat level within the bucket where it was seen, the shape of the prior where it was not
        seen = exposed / (exposed + prior_exposure * (end - begin))
        rate[begin:end] = level * (seen + (1 - seen) * shape * (end - begin))
        weight[begin:end] = exposed + prior_exposure * (end - begin)
    return rate, weight


def convolve(flow: np.ndarray, after: np.ndarray, days: int) -> np.ndarray:
    """What follows a flow per day, ``after`` days later by the shares ``after``; (paths, days) and (paths, ages)."""
    size = 1 << (days + after.shape[-1]).bit_length()
    product = np.fft.irfft(np.fft.rfft(flow, size) * np.fft.rfft(after, size), size)
    return np.maximum(product[..., :days], 0.0)


def from_pending(pending: np.ndarray, hazard: np.ndarray, days: int) -> np.ndarray:
    """Steps that units open at the origin take on each of the next days, (paths, days); ``pending`` by age (ages,).

    A unit of age a at the origin has age a + 1 on the first day.
    """
    ages = len(pending)
    falls, still = timing(hazard)
    share = np.divide(pending, still, out=np.zeros(hazard.shape), where=still > 1e-12)
    steps = np.zeros((hazard.shape[0], days))
    for ahead in range(1, min(days, ages - 1) + 1):
        steps[:, ahead - 1] = (share[:, : ages - ahead] * falls[:, ahead:]).sum(axis=1)
    return steps
