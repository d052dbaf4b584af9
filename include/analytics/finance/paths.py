"""The pipeline model: simulated futures of awards, redemptions and what is owed; parameter draw times process draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from include.analytics.finance.development import (
    blended,
    convolve,
    draw_hazards,
    from_pending,
    timing,
)
from include.analytics.finance.known import REDEMPTION_AGES, SIDES, STEP_AGES, Known, bonus_on, bonuses_on
from include.analytics.finance.season import NO_SEASON
from include.analytics.finance.volume import (
    Level,
    by_age,
    dispersion_of,
    exposures,
    fit_level,
    fit_volume,
    joined_by_day,
)

HORIZON_DAYS = 90
PATHS = 500
SEED = 20260101
#: Until a world has seen its own: 60 % of a bonus is spent, 30 days later on average; worth 50 awards at every age.
PRIOR_REDEEMED_SHARE, PRIOR_REDEMPTION_DAYS, PRIOR_AWARDS = 0.6, 30.0, 50.0


@dataclass(frozen=True)
class Paths:
    """Simulated futures; arrays of shape (paths, HORIZON_DAYS), USD a day, or per path (paths,).

    Awards by source (``due``: complete before the origin, ``pipeline``: sent before it, ``new``: sent after it) and
    side. ``unpaid_gained`` is the value owed without an award, added up since the origin, ``unpaid_settled`` what was
    so owed at the origin and will be awarded.
    """

    origin: date
    sends: np.ndarray
    due: dict[str, np.ndarray]
    pipeline: dict[str, np.ndarray]
    new: dict[str, np.ndarray]
    redeemed_outstanding: np.ndarray
    redeemed_future: np.ndarray
    withheld_outstanding: np.ndarray
    withheld_future: np.ndarray
    unpaid_gained: np.ndarray
    unpaid_settled: np.ndarray
    liability_start: float
    price: dict[str, np.ndarray]  # (HORIZON_DAYS,)

    @property
    def awards(self) -> np.ndarray:
        """USD awarded a day."""
        return sum((source[side] for source in (self.due, self.pipeline, self.new) for side in SIDES), np.zeros(1))

    @property
    def redemptions(self) -> np.ndarray:
        """USD redeemed a day."""
        return self.redeemed_outstanding + self.redeemed_future

    @property
    def liability(self) -> np.ndarray:
        """USD owed in the evening of each day."""
        flows = self.awards - self.redemptions - self.withheld_outstanding - self.withheld_future
        return self.liability_start + np.cumsum(flows, axis=1) + self.unpaid_gained - self.unpaid_settled


def simulate(known: Known, paths: int = PATHS) -> Paths:
    """Draw futures from the start of ``known.origin`` on; the same knowledge gives the same futures."""
    rng = np.random.default_rng([SEED, known.origin.toordinal()])
    shape = (paths, HORIZON_DAYS)
    fit = fit_volume(known)
    first = known.origin - timedelta(days=known.days)
    fitted = np.convolve(known.sends, _mean_timing(known))[: known.days] if known.days else known.sends
    conversion = fit_level(known.first_awards, fitted, NO_SEASON, first)
    award_dispersion = dispersion_of(known.first_awards, fitted)
    clustered = max(1.0, award_dispersion / 2)
    to_apply, to_complete, to_award = (
        draw_hazards(rng, step, clustered, paths) for step in (known.apply, known.complete, known.award)
    )
    sends = _simulate_sends(rng, known, fit, first, timing(to_apply)[0], paths)

    applied_later = from_pending(known.apply.pending, to_apply, HORIZON_DAYS)
    completed_later = convolve(applied_later, timing(to_complete)[0], HORIZON_DAYS)
    completed_later += from_pending(known.complete.pending, to_complete, HORIZON_DAYS)
    award_timing = timing(to_award)[0]
    converts = _levels(rng, conversion, paths)
    completed_new = convolve(sends, timing(to_apply)[0], HORIZON_DAYS)
    completed_new = convolve(completed_new, timing(to_complete)[0], HORIZON_DAYS)
    pipeline = len(SIDES) * convolve(completed_later, award_timing, HORIZON_DAYS) * converts
    new = len(SIDES) * convolve(completed_new, award_timing, HORIZON_DAYS) * converts
    pending, hazard = known.award.pending, to_award
    if known.due is not None:
        pending, hazard = known.due.pending, draw_hazards(rng, known.due, clustered, paths)
    due = from_pending(pending, hazard, HORIZON_DAYS)
    # awards beside the first of a side of a complete referral: paid twice, or by mistake
    beside = rng.gamma(max(known.awards.sum() - known.first_awards.sum(), 0.0) + 0.5, size=(paths, 1))
    extra = 1 + beside / max(known.first_awards.sum() + 1, 20.0)
    expected = (due + pipeline + new) * extra
    drawn = _counts(rng, expected, award_dispersion)
    scatter = np.divide(drawn, due + pipeline + new, out=np.zeros(shape), where=expected > 0)

    price = {side: _prices(known, side) for side in SIDES}
    awarded = {
        name: {side: flow * scatter * known.side_share[side] * price[side] for side in SIDES}
        for name, flow in (("due", due), ("pipeline", pipeline), ("new", new))
    }
    mean_price = sum(known.side_share[side] * price[side] for side in SIDES)
    total = drawn * mean_price
    bonus = sum(known.side_share[side] * _bonuses(known, side) for side in SIDES)
    redeemed = _money_after(rng, known, known.awarded_usd, total, redeemed=True)
    withheld = _money_after(rng, known, known.awarded_usd, total, redeemed=False)
    # what is complete and unpaid in the evening of each day: completions so far less their awards so far, as far as
    # they will be awarded; and the sides that never will be
    flow = len(SIDES) * (completed_later + completed_new) * converts * (1 - timing(to_award)[1][:, -1:])
    waiting = np.maximum(np.cumsum(flow - pipeline - new, axis=1), 0.0) * bonus
    stuck = np.cumsum(drawn * bonus, axis=1) * known.stuck_share
    return Paths(
        origin=known.origin,
        sends=sends,
        due=awarded["due"],
        pipeline=awarded["pipeline"],
        new=awarded["new"],
        redeemed_outstanding=redeemed[0],
        redeemed_future=redeemed[1],
        withheld_outstanding=withheld[0],
        withheld_future=withheld[1],
        unpaid_gained=waiting + stuck,
        # the ledger of a past origin does not hold what was due: its awards are news, not a settlement
        unpaid_settled=np.cumsum(due * scatter * bonus, axis=1) * (known.due is not None),
        liability_start=known.liability_usd,
        price=price,
    )


def _mean_timing(known: Known) -> np.ndarray:
    """Expected first awards per invitation by days since it was sent."""
    steps = [
        timing(np.divide(step.events, step.at_risk, out=np.zeros(STEP_AGES), where=step.at_risk > 0))[0]
        for step in (known.apply, known.complete, known.award)
    ]
    return np.asarray(len(SIDES) * np.convolve(np.convolve(steps[0], steps[1]), steps[2]))


def _simulate_sends(rng, known, fit, first, apply_timing, paths):  # type: ignore[no-untyped-def]
    """Invitations a day; friends who apply become people who invite."""
    joined = joined_by_day(known)
    ahead = exposures(np.concatenate([joined, np.zeros(HORIZON_DAYS)]))[known.days :] @ fit.rate
    rate = by_age(fit.rate, HORIZON_DAYS)
    sends_level, strangers_level = (
        _levels(rng, level, paths) * level.season.on(known.origin, HORIZON_DAYS) for level in (fit.sends, fit.strangers)
    )
    daily_strangers = np.maximum(known.signups - known.joined_by_referral, 0.0).mean() if known.days else 0.0
    strangers = _counts(rng, strangers_level * daily_strangers, fit.strangers.dispersion)
    waiting = from_pending(known.apply.pending, _hazard_of(apply_timing), HORIZON_DAYS)
    sends, joins = np.zeros((paths, HORIZON_DAYS)), np.zeros((paths, HORIZON_DAYS))
    for day in range(HORIZON_DAYS):
        joins[:, day] += strangers[:, day] + waiting[:, day]
        base = ahead[day] + joins[:, : day + 1] @ rate[day::-1]
        sends[:, day] = _counts(rng, sends_level[:, day] * base, fit.sends.dispersion)
        reach = min(HORIZON_DAYS - day, apply_timing.shape[1])
        joins[:, day : day + reach] += sends[:, day : day + 1] * apply_timing[:, :reach]  # same day included
    return sends


def _hazard_of(falls: np.ndarray) -> np.ndarray:
    """The hazards behind a timing."""
    before = 1 - np.concatenate([np.zeros((len(falls), 1)), np.cumsum(falls, axis=1)[:, :-1]], axis=1)
    return np.divide(falls, before, out=np.zeros_like(falls), where=before > 1e-12)


def _levels(rng: np.random.Generator, level: Level, paths: int) -> np.ndarray:
    """Random walks of the log level from today's, (paths, HORIZON_DAYS); centred so that the mean stays."""
    start = rng.normal(0.0, level.error, (paths, 1))
    steps = np.cumsum(rng.normal(0.0, level.daily_drift, (paths, HORIZON_DAYS)), axis=1)
    variance = level.error**2 + level.daily_drift**2 * np.arange(1, HORIZON_DAYS + 1)
    return np.asarray(level.level * np.exp(start + steps - variance / 2))


def _counts(rng: np.random.Generator, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """Counts with that mean and variance ``dispersion`` x mean: negative binomial, Poisson at a dispersion of 1."""
    mean = np.round(mean, 9)  # the last bits depend on how the machine adds, and one of them can turn a draw
    if dispersion <= 1.0 + 1e-9:
        return rng.poisson(mean).astype(float)
    return rng.poisson(rng.gamma(np.maximum(mean, 1e-12) / (dispersion - 1)) * (dispersion - 1)).astype(float)


def _bonuses(known: Known, side: str) -> np.ndarray:
    """USD of one bonus in force on each day ahead, as the programme says: what is due and unpaid is valued so."""
    return bonuses_on(known.bonus, side, np.datetime64(known.origin, "D") + np.arange(HORIZON_DAYS))


def _prices(known: Known, side: str) -> np.ndarray:
    """USD per award of a side on each day ahead: the last awards' mean, moved by the bonuses that are scheduled."""
    now = bonus_on(known.bonus, side, np.datetime64(known.origin, "D") - np.timedelta64(1, "D"))
    return known.award_usd[side] * (_bonuses(known, side) / now if now > 0 else np.ones(HORIZON_DAYS))


def _money_after(rng, known, past_awards, awards, redeemed):  # type: ignore[no-untyped-def]
    """USD redeemed (or withheld) a day, of awards made before the origin and of those made after it."""
    money = known.redeem if redeemed else known.withhold
    ages = REDEMPTION_AGES if redeemed else STEP_AGES
    price = sum(known.award_usd.values()) / len(known.award_usd)
    if redeemed:
        prior = PRIOR_REDEEMED_SHARE * np.diff(1 - np.exp(-np.arange(ages + 1) / PRIOR_REDEMPTION_DAYS))
    else:
        prior = np.zeros(ages)
    rate, exposure = blended(money, prior, PRIOR_AWARDS * price)
    seen = rate * exposure / price  # awards behind the rate
    level = rng.gamma(np.broadcast_to(seen + 1e-9, (awards.shape[0], ages))) / (seen + 1e-9)
    drawn = rate * level
    before = np.zeros(awards.shape)
    past = past_awards[::-1][:ages]
    for ahead in range(min(HORIZON_DAYS, ages - 1)):
        reach = min(len(past), ages - 1 - ahead)
        before[:, ahead] = drawn[:, ahead + 1 : ahead + 1 + reach] @ past[:reach]
    return tuple(_counts(rng, flow / price, 1.1) * price for flow in (before, convolve(awards, drawn, HORIZON_DAYS)))
