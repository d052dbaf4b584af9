"""The award job of the simulated company: what is paid, late, withheld, or paid by mistake; and what people redeem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.generator.config import SimulationConfig
from include.generator.happenings import (
    REFERRED_BONUS,
    REFERRER_BONUS,
    REWARD_AWARDED,
    REWARD_REDEEMED,
    REWARD_WITHHELD,
)
from include.generator.incidents import Incidents, after_award_stops
from include.generator.lives import HOUR, NEVER
from include.generator.seasons import DAY_SECONDS

BONUS_CENTS = (500, 600)  # per side; the second one once it has changed
AWARD_DELAY_HOURS = 5.0  # median; the long tail makes about 1 % overdue after 48 hours
AWARD_DELAY_SPREAD = 1.0
NEVER_AWARDED_SHARE = 0.015
PAID_TWICE_SHARE = 0.006
PAID_BY_MISTAKE_SHARE = 0.03  # of applied referrals that earn nothing
CAUGHT_BEFORE_PAYMENT_SHARE = 0.40  # of self-referrals: withheld at once
CAUGHT_AFTER_PAYMENT_SHARE = 0.35  # paid first, withheld some days later
REDEEMED_SHARE = 0.62
REDEEMED_SOON_SHARE = 0.35  # of those: spent at once, the others saved up
REDEEMED_SOON_DAYS = 1.0  # median; lognormal
REDEEMED_LATER_DAYS = 30.0  # mean; gamma with shape 2: few in the first days
REDEEMED_WITHOUT_AWARD_SHARE = 0.02  # of applied referrals that earn nothing


@dataclass(frozen=True)
class Entries:
    """Reward events, one entry each: position of the referral in the input, event type code, side and time."""

    position: np.ndarray
    event_type: np.ndarray
    side: np.ndarray
    at: np.ndarray
    bonus: np.ndarray  # position in BONUS_CENTS: what was promised when it fell due


def reward_entries(
    rng: np.random.Generator,
    applied_at: np.ndarray,
    eligible_at: np.ndarray,
    is_self_referral: np.ndarray,
    incidents: Incidents,
    bonus_changes_at: int,
) -> Entries:
    """What happens to both bonuses of each applied referral; ``eligible_at`` is NEVER where none is due.

    Entries may lie in the future of the referral's day; a time of NEVER is left out.
    """
    found = []
    n = len(applied_at)
    positions = np.arange(n)
    eligible = eligible_at < NEVER
    applied = applied_at < NEVER
    caught_before = is_self_referral & (rng.random(n) < CAUGHT_BEFORE_PAYMENT_SHARE)
    caught_after = is_self_referral & ~caught_before & (rng.random(n) < CAUGHT_AFTER_PAYMENT_SHARE)
    mistaken = applied & ~eligible & (rng.random(n) < PAID_BY_MISTAKE_SHARE)
    orphaned = applied & ~eligible & ~mistaken & ~is_self_referral & (rng.random(n) < REDEEMED_WITHOUT_AWARD_SHARE)
    base = np.where(eligible, eligible_at, applied_at)
    for side in (REFERRER_BONUS, REFERRED_BONUS):
        delay = AWARD_DELAY_HOURS * HOUR * rng.lognormal(0.0, AWARD_DELAY_SPREAD, n)
        pays = (eligible & (rng.random(n) >= NEVER_AWARDED_SHARE)) | mistaken | (applied & caught_after)
        awarded_at = after_award_stops(incidents, base + delay.astype(np.int64) + 1, rng)
        awarded_at = np.where(pays, awarded_at, NEVER)
        twice = pays & (rng.random(n) < PAID_TWICE_SHARE)
        again_at = after_award_stops(incidents, awarded_at + rng.integers(HOUR, 3 * DAY_SECONDS, n), rng)
        again_at = np.where(twice, again_at, NEVER)
        withheld_at = np.where(applied & caught_before, base + rng.integers(HOUR, 2 * DAY_SECONDS, n), NEVER)
        withheld_at = np.where(
            pays & caught_after, awarded_at + rng.integers(DAY_SECONDS, 5 * DAY_SECONDS, n), withheld_at
        )
        wait = _redeemed_after(rng, n)
        redeems = pays & ~caught_after & (rng.random(n) < REDEEMED_SHARE)
        redeemed_at = np.where(redeems, awarded_at + wait, np.where(orphaned, applied_at + wait, NEVER))
        for event_type, at in (
            (REWARD_AWARDED, awarded_at),
            (REWARD_AWARDED, again_at),
            (REWARD_WITHHELD, withheld_at),
            (REWARD_REDEEMED, redeemed_at),
        ):
            chosen = at < NEVER
            found.append((positions[chosen], event_type, side, at[chosen]))
    return Entries(
        position=np.concatenate([entry[0] for entry in found]),
        event_type=np.concatenate([np.full(len(entry[0]), entry[1]) for entry in found]),
        side=np.concatenate([np.full(len(entry[0]), entry[2]) for entry in found]),
        at=np.concatenate([entry[3] for entry in found]),
        bonus=np.concatenate([base[entry[0]] >= bonus_changes_at for entry in found]).astype(np.int8),
    )


def bonus_changes_at(config: SimulationConfig, epoch_day: int) -> int:
    """The second from which the second of BONUS_CENTS is promised; NEVER when the bonus does not change."""
    days = config.bonus_changes_after_days
    return (epoch_day + days) * DAY_SECONDS if days else NEVER


def _redeemed_after(rng: np.random.Generator, count: int) -> np.ndarray:
    """Seconds from award to redemption."""
    soon = REDEEMED_SOON_DAYS * rng.lognormal(0.0, 1.0, count)
    later = rng.gamma(2.0, REDEEMED_LATER_DAYS / 2, count)
    days = np.where(rng.random(count) < REDEEMED_SOON_SHARE, soon, later)
    return (days * DAY_SECONDS).astype(np.int64) + HOUR
