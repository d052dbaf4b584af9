"""The pipeline model: simulated futures of awards, redemptions and what is owed; parameter draw times process draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from include.analytics.finance.development import convolve, draw_hazards, from_pending, hazards, timing
from include.analytics.finance.draws import draw_counts, draw_levels
from include.analytics.finance.known import REDEMPTION_AGES, SIDES, STEP_AGES, Known, bonus_on, bonuses_on
from include.analytics.finance.money import money_after, redemption_prior
from include.analytics.finance.season import NO_SEASON
from include.analytics.finance.sends import simulate_sends
from include.analytics.finance.volume import dispersion_of, fit_level

HORIZON_DAYS = 90
PATHS = 500
SEED = 20260101


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


@dataclass(frozen=True)
class _Steps:
    """First awards a day by source, and completions a day, (paths, HORIZON_DAYS); counts, before their own scatter."""

    sends: np.ndarray
    due: np.ndarray
    pipeline: np.ndarray
    new: np.ndarray
    will_be_awarded: np.ndarray  # sides completed on the day that will be awarded some time


def simulate(known: Known, paths: int = PATHS) -> Paths:
    """Draw futures from the start of ``known.origin`` on; the same knowledge gives the same futures."""
    rng = np.random.default_rng([SEED, known.origin.toordinal()])
    fitted = np.convolve(known.sends, _awards_per_invitation(known))[: known.days]
    dispersion = dispersion_of(known.first_awards, fitted)
    steps = _simulate_steps(rng, known, fitted, dispersion, paths)
    first_awards = steps.due + steps.pipeline + steps.new
    # awards beside the first of a side of a complete referral: paid twice, or by mistake
    beside = rng.gamma(max(known.awards.sum() - known.first_awards.sum(), 0.0) + 0.5, size=(paths, 1))
    expected = first_awards * (1 + beside / max(known.first_awards.sum() + 1, 20.0))
    awards = draw_counts(rng, expected, dispersion)
    scatter = np.divide(awards, first_awards, out=np.zeros(awards.shape), where=expected > 0)

    price = {side: _prices(known, side) for side in SIDES}
    awarded = {
        name: {side: flow * scatter * known.side_share[side] * price[side] for side in SIDES}
        for name, flow in (("due", steps.due), ("pipeline", steps.pipeline), ("new", steps.new))
    }
    awards_usd = awards * sum(known.side_share[side] * price[side] for side in SIDES)
    redeemed = money_after(rng, known, known.redeem, redemption_prior(REDEMPTION_AGES), awards_usd)
    withheld = money_after(rng, known, known.withhold, np.zeros(STEP_AGES), awards_usd)
    bonus = sum(known.side_share[side] * _bonuses(known, side) for side in SIDES)
    # complete and not awarded yet in the evening of each day, and the sides that never will be
    waiting = np.maximum(np.cumsum(steps.will_be_awarded - steps.pipeline - steps.new, axis=1), 0.0) * bonus
    stuck = np.cumsum(awards * bonus, axis=1) * known.stuck_share
    return Paths(
        origin=known.origin,
        sends=steps.sends,
        due=awarded["due"],
        pipeline=awarded["pipeline"],
        new=awarded["new"],
        redeemed_outstanding=redeemed[0],
        redeemed_future=redeemed[1],
        withheld_outstanding=withheld[0],
        withheld_future=withheld[1],
        unpaid_gained=waiting + stuck,
        # the ledger of a past origin does not hold what was due: its awards are news, not a settlement
        unpaid_settled=np.cumsum(steps.due * scatter * bonus, axis=1) * (known.due is not None),
        liability_start=known.liability_usd,
        price=price,
    )


def _simulate_steps(
    rng: np.random.Generator, known: Known, fitted: np.ndarray, dispersion: float, paths: int
) -> _Steps:
    """From invitation to application to completion to award; ``fitted`` are the past's expected first awards a day."""
    first = known.origin - timedelta(days=known.days)
    conversion = fit_level(known.first_awards, fitted, NO_SEASON, first)
    # half of the awards' dispersion is that both sides of a referral are awarded together
    clustered = max(1.0, dispersion / len(SIDES))
    to_apply, to_complete, to_award = (
        draw_hazards(rng, step, clustered, paths) for step in (known.apply, known.complete, known.award)
    )
    sends = simulate_sends(rng, known, to_apply, HORIZON_DAYS)
    converts = len(SIDES) * draw_levels(rng, conversion, paths, HORIZON_DAYS)
    applies, completes, is_awarded = (timing(step)[0] for step in (to_apply, to_complete, to_award))
    completed_later = convolve(from_pending(known.apply.pending, to_apply, HORIZON_DAYS), completes, HORIZON_DAYS)
    completed_later += from_pending(known.complete.pending, to_complete, HORIZON_DAYS)
    completed_new = convolve(convolve(sends, applies, HORIZON_DAYS), completes, HORIZON_DAYS)
    pending, hazard = known.award.pending, to_award
    if known.due is not None:
        pending, hazard = known.due.pending, draw_hazards(rng, known.due, clustered, paths)
    return _Steps(
        sends=sends,
        due=from_pending(pending, hazard, HORIZON_DAYS),
        pipeline=convolve(completed_later, is_awarded, HORIZON_DAYS) * converts,
        new=convolve(completed_new, is_awarded, HORIZON_DAYS) * converts,
        will_be_awarded=(completed_later + completed_new) * converts * is_awarded.sum(axis=1, keepdims=True),
    )


def _awards_per_invitation(known: Known) -> np.ndarray:
    """Expected first awards per invitation by days since it was sent."""
    applies, completes, is_awarded = (timing(hazards(step))[0] for step in (known.apply, known.complete, known.award))
    return np.asarray(len(SIDES) * np.convolve(np.convolve(applies, completes), is_awarded))


def _bonuses(known: Known, side: str) -> np.ndarray:
    """USD of one bonus in force on each day ahead, as the programme says: what is due and unpaid is valued so."""
    return bonuses_on(known.bonus, side, np.datetime64(known.origin, "D") + np.arange(HORIZON_DAYS))


def _prices(known: Known, side: str) -> np.ndarray:
    """USD per award of a side on each day ahead: the last awards' mean, moved by the bonuses that are scheduled."""
    now = bonus_on(known.bonus, side, np.datetime64(known.origin, "D") - np.timedelta64(1, "D"))
    return known.award_usd[side] * (_bonuses(known, side) / now if now > 0 else np.ones(HORIZON_DAYS))
