"""Abuse, with labels: who plays a scheme, and how the accounts of a scheme look. Shares of all sign-ups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scheme:
    """One way of earning bonuses without bringing anybody; the hard variant hides one step further."""

    name: str
    share: float
    fake_accounts: tuple[int, int]  # fewest and most per player
    easy: str
    hard: str


NO_SCHEME = 0
SCHEMES = (
    Scheme("none", 0.0, (0, 0), "", ""),
    Scheme("self_referral_device", 0.006, (1, 3), "same device_id in users", "the device shows in one app_open only"),
    Scheme("self_referral_email", 0.006, (1, 3), "plus alias of the own address", "dots left out, googlemail.com"),
    Scheme("self_referral_payment", 0.006, (1, 2), "same payment_fingerprint in users", "added by an event later"),
    Scheme("device_farm", 0.004, (5, 12), "one device for all fake accounts", "two devices, used in turn"),
    Scheme("minimum_effort_ring", 0.004, (4, 8), "link a school within minutes, then silence", "the same, over days"),
)
SELF_DEVICE, SELF_EMAIL, SELF_PAYMENT, DEVICE_FARM, MINIMUM_EFFORT = range(1, 6)
HARD_SHARE = 0.5
# Look-alikes that are innocent: a family's tablet, with no referral between its users.
SHARED_TABLET_SHARE = 0.02
