"""Abuse, with labels: who plays a scheme, how its accounts look, and innocent look-alikes. Shares of sign-ups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.generator.config import SimulationConfig


@dataclass(frozen=True)
class Scheme:
    """One way of earning bonuses without bringing anybody; the hard variant hides one step further.

    ``share`` and ``fake_accounts`` are the sizes unless a configuration sets others.
    """

    name: str
    share: float
    fake_accounts: tuple[int, int]  # fewest and most per player
    within_hours: tuple[float, float]  # in which they are made: easy, hard
    easy: str
    hard: str


NO_SCHEME = 0
SCHEMES = (
    Scheme("none", 0.0, (0, 0), (0, 0), "", ""),
    Scheme(
        "self_referral_device", 0.0025, (1, 3), (48, 480),
        "same device_id in users", "the device shows in one app_open only",
    ),
    Scheme(
        "self_referral_email", 0.0025, (1, 3), (48, 480),
        "plus alias of the own address", "dots left out, googlemail.com",
    ),
    Scheme(
        "self_referral_payment", 0.0025, (1, 2), (48, 480),
        "same payment_fingerprint in users", "added by an event later",
    ),
    Scheme(
        "device_farm", 0.0015, (5, 12), (72, 480),
        "one device for all fake accounts", "two devices, used in turn, over weeks",
    ),
    Scheme(
        "minimum_effort_ring", 0.0020, (4, 8), (24, 240),
        "link a school within minutes, then silence", "link it days later, open the app a few times",
    ),
    Scheme(
        "velocity_burst", 0.0008, (10, 18), (0.6, 20),
        "all invited and signed up within the hour", "the same within a day",
    ),
    Scheme(
        "circular", 0.0015, (1, 3), (24, 240),
        "the made-up account invites its inviter back", "a loop of three accounts",
    ),
)  # fmt: skip
(
    SELF_DEVICE,
    SELF_EMAIL,
    SELF_PAYMENT,
    DEVICE_FARM,
    MINIMUM_EFFORT,
    VELOCITY_BURST,
    CIRCULAR,
) = range(1, len(SCHEMES))
HARD_SHARE = 0.5
SELF_REFERRALS = (SELF_DEVICE, SELF_EMAIL, SELF_PAYMENT)

# Look-alikes that are innocent: a family's tablet, with no referral between its users; a teacher's whole class.
SHARED_TABLET_SHARE = 0.02  # of the newcomers whom nobody invited
CLASS_SHARE = 0.03  # of the teachers
FAMILY_TABLET, CLASS_INVITATION = "family_tablet", "class_invitation"

FOUNDERS_WITH_EVERY_SCHEME = 400  # from so many founders on, each scheme has a player of both variants among them


def shares_of(config: SimulationConfig) -> np.ndarray:
    """The share of sign-ups who play each scheme; 0 for NO_SCHEME."""
    given = dict(config.scheme_shares)
    return np.array([given.get(scheme.name, scheme.share) for scheme in SCHEMES])


def fake_accounts_of(config: SimulationConfig) -> tuple[np.ndarray, np.ndarray]:
    """The fewest and the most accounts that a player of each scheme makes up."""
    given = dict(config.scheme_accounts)
    sizes = np.array([given.get(scheme.name, scheme.fake_accounts) for scheme in SCHEMES])
    return sizes[:, 0], sizes[:, 1]


def cast_players(
    rng: np.random.Generator, config: SimulationConfig, count: int, is_founding: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The scheme that each newcomer will play, NO_SCHEME for nearly all, and whether in its hard variant."""
    shares = shares_of(config)
    shares[NO_SCHEME] = 1.0 - shares.sum()
    plays = rng.choice(len(SCHEMES), count, p=shares).astype(np.int8)
    is_hard = rng.random(count) < HARD_SHARE
    if is_founding and count >= FOUNDERS_WITH_EVERY_SCHEME:
        # By quota instead of chance: a small world holds every scheme, a large one the same shares.
        players = np.where(shares[1:] > 0, np.maximum(2, np.round(shares[1:] * count)), 0).astype(int)
        codes = np.repeat(np.arange(1, len(SCHEMES)), players)
        chosen = rng.choice(count, len(codes), replace=False)
        plays = np.zeros(count, np.int8)
        plays[chosen] = codes
        is_hard[chosen] = np.arange(len(codes)) % 2 == 1
    return plays, is_hard
