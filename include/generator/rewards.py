"""The award job of the simulated company: what is paid, late, withheld, or paid by mistake; and what people redeem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.generator.happenings import (
    REFERRED_BONUS,
    REFERRER_BONUS,
    REWARD_AWARDED,
    REWARD_REDEEMED,
    REWARD_WITHHELD,
)
from include.generator.lives import HOUR, NEVER
from include.generator.seasons import DAY_SECONDS

AWARD_DELAY_HOURS = 5.0  # median; the long tail makes about 1 % overdue after 48 hours
AWARD_DELAY_SPREAD = 1.0
NEVER_AWARDED_SHARE = 0.015
PAID_TWICE_SHARE = 0.006
PAID_BY_MISTAKE_SHARE = 0.03  # of applied referrals that earn nothing
CAUGHT_BEFORE_PAYMENT_SHARE = 0.40  # of self-referrals: withheld at once
CAUGHT_AFTER_PAYMENT_SHARE = 0.35  # paid first, withheld some days later
REDEEMED_SHARE = 0.62
REDEEMED_AFTER_DAYS = 20.0  # mean
REDEEMED_WITHOUT_AWARD_SHARE = 0.02  # of applied referrals that earn nothing


@dataclass(frozen=True)
class Entries:
    """Reward events, one entry each: position of the referral in the input, event type code, side and time."""

    position: np.ndarray
    event_type: np.ndarray
    side: np.ndarray
    at: np.ndarray


def reward_entries(
    rng: np.random.Generator, applied_at: np.ndarray, eligible_at: np.ndarray, is_self_referral: np.ndarray
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
        awarded_at = np.where(pays, base + delay.astype(np.int64) + 1, NEVER)
        twice = pays & (rng.random(n) < PAID_TWICE_SHARE)
        again_at = np.where(twice, awarded_at + rng.integers(HOUR, 3 * DAY_SECONDS, n), NEVER)
        withheld_at = np.where(applied & caught_before, base + rng.integers(HOUR, 2 * DAY_SECONDS, n), NEVER)
        withheld_at = np.where(
            pays & caught_after, awarded_at + rng.integers(DAY_SECONDS, 5 * DAY_SECONDS, n), withheld_at
        )
        wait = rng.exponential(REDEEMED_AFTER_DAYS * DAY_SECONDS, n).astype(np.int64) + HOUR
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
    )
