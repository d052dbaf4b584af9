"""The course of people's lives in the app, decided once when they install it; one entry per person throughout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.generator import personas, schemes
from include.generator.columns import Columns
from include.generator.config import SimulationConfig
from include.generator.names import DOMAIN_SHARES, FIRST_NAME_COUNT, GMAIL, LAST_NAME_COUNT
from include.generator.places import Schools
from include.generator.seasons import DAY_SECONDS

NEVER = 2**60  # later than every day; times are seconds since 1970
NOBODY = -1
HOUR, MINUTE = 3600, 60

UNVERIFIED, VERIFIED, VERIFICATION_MISSING = 0, 1, 2
VERIFIED_SHARES = (0.05, 0.92, 0.03)
VERIFIED_LATER_SHARE = 0.12  # of the verified: their record says no for the first days
SCHOOL_LIKE_SENDER_SHARE = 0.7
SCHOOL_LIKE_COMPOUNDING_SENDER_SHARE = 0.95
CHANGES_SCHOOL_SHARE = 0.06
SLOW_SIGNUP_SHARE = 0.10  # hours to days after the install instead of minutes
SLOW_STEP_SHARE = 0.15  # an onboarding step on a later day
QUALIFIES_WITHOUT_ONBOARDING_SHARE = 0.12
CAREFUL_RING_DAYS = 12  # of use

LIFE_COLUMNS = {
    "cohort_day": "i4",  # the day of the install (founders: the epoch); never falls from one person to the next
    "install_at": "i8",
    "created_at": "i8",
    "onboarding_started_at": "i8",
    "onboarded_at": "i8",
    "linked_at": "i8",
    "changed_at": "i8",
    "first_scan_at": "i8",
    "payment_at": "i8",
    "verified_at": "i8",
    "corrected_at": "i8",
    "lifetime": "i8",  # seconds from sign-up to the last regular use
    "liveliness": "f8",  # factor on the persona's habits; mean 1
    "persona": "i1",
    "channel": "i1",
    "platform": "i1",
    "verified": "i1",
    "school": "i4",
    "changed_school": "i4",
    "device": "i8",
    "borrowed_device": "i8",  # seen once in an event; NOBODY when there is none
    "payment": "i8",
    "email_owner": "i8",  # whose name the address is built from
    "email_alias": "i4",  # 0: the plain address; k > 0: a plus alias; k < 0: other dots, googlemail.com
    "email_domain": "i1",
    "first_name": "i4",
    "last_name": "i4",
    "sender": "i8",
    "scheme": "i1",
    "player": "i8",  # who plays the scheme to which the account belongs; NOBODY when there is none
    "family": "i8",  # whose tablet an innocent look-alike uses; NOBODY when it is the own device
    "invites_class": "?",
    "is_fake": "?",
    "is_hard": "?",
    "is_reinstall": "?",
}


@dataclass(frozen=True)
class Arrivals:
    """People who install on one day; one entry each. ``sender`` and ``referral`` are NOBODY without an invitation."""

    install_at: np.ndarray
    channel: np.ndarray
    sender: np.ndarray
    referral: np.ndarray
    scheme: np.ndarray  # of the sender who made up this account
    is_fake: np.ndarray
    is_hard: np.ndarray
    is_reinstall: np.ndarray

    def __len__(self) -> int:
        return len(self.install_at)


def _lognormal_seconds(rng: np.random.Generator, median: float, sigma: float, count: int) -> np.ndarray:
    return (median * rng.lognormal(0.0, sigma, count)).astype(np.int64) + 1


def _step(
    rng: np.random.Generator, before: np.ndarray, taken: np.ndarray, median: float, sigma: float, slow: float
) -> np.ndarray:
    """The time of the next step: soon after the one before, for some days later, NEVER where it is not taken."""
    count = len(before)
    soon = _lognormal_seconds(rng, median, sigma, count)
    later = (rng.exponential(2.0 * DAY_SECONDS, count)).astype(np.int64) + 4 * HOUR
    delay = np.where(rng.random(count) < slow, later, soon)
    return np.where(taken & (before < NEVER), before + delay, NEVER)


def begin_lives(
    rng: np.random.Generator,
    config: SimulationConfig,
    schools: Schools,
    people: Columns,
    arrivals: Arrivals,
    cohort_day: int,
) -> dict[str, np.ndarray]:
    """Decide everything about new people but their invitations and daily use; columns as LIFE_COLUMNS."""
    n, first = len(arrivals), len(people)
    own = np.arange(first, first + n, dtype=np.int64)
    has_sender = arrivals.sender >= 0
    sender = np.where(has_sender, arrivals.sender, 0)
    sender_of = _sender_lookup(people, sender)

    persona = rng.choice(len(personas.PERSONAS), n, p=personas.habit("share")).astype(np.int8)
    platform = (rng.random(n) >= personas.IOS_SHARE).astype(np.int8)
    school = np.searchsorted(np.cumsum(schools.pull), rng.random(n)).clip(max=len(schools) - 1)
    senders_school = sender_of("school", school)
    alike = np.where(
        schools.is_compounding(senders_school), SCHOOL_LIKE_COMPOUNDING_SENDER_SHARE, SCHOOL_LIKE_SENDER_SHARE
    )
    school = np.where(has_sender & (rng.random(n) < alike), senders_school, school)

    quick = _lognormal_seconds(rng, 4 * MINUTE, 0.8, n)
    slow = rng.integers(1 * HOUR, 60 * HOUR, n)
    created_at = arrivals.install_at + np.where(rng.random(n) < SLOW_SIGNUP_SHARE, slow, quick)
    created_at = np.where(arrivals.is_fake, arrivals.install_at + quick, created_at)

    started_at = _step(rng, created_at, rng.random(n) < 0.97, 1 * MINUTE, 0.5, 0.02)
    completes = personas.habit("completes_onboarding")[persona]
    completes *= np.where(platform == 1, personas.ONBOARDING_ON_ANDROID_FACTOR, 1.0)
    onboarded = (rng.random(n) < completes) | arrivals.is_fake
    onboarded_at = _step(rng, started_at, onboarded, 6 * MINUTE, 0.7, SLOW_STEP_SHARE)
    is_onboarded = onboarded_at < NEVER
    base = np.where(is_onboarded, onboarded_at, created_at)
    drops = QUALIFIES_WITHOUT_ONBOARDING_SHARE
    links = rng.random(n) < np.where(is_onboarded, personas.habit("links_school")[persona], drops)
    scans = rng.random(n) < np.where(is_onboarded, personas.habit("scans_first_receipt")[persona], drops)
    linked_at = _step(rng, base, links | arrivals.is_fake, 12 * MINUTE, 1.0, SLOW_STEP_SHARE)
    scan_delay = _lognormal_seconds(rng, 1.2 * DAY_SECONDS, 1.1, n)
    first_scan_at = np.where(scans & ~arrivals.is_fake, base + scan_delay, NEVER)
    changes = (rng.random(n) < CHANGES_SCHOOL_SHARE) & (linked_at < NEVER)
    changed_at = np.where(
        changes, linked_at + rng.integers(20, 200, n) * DAY_SECONDS + rng.integers(0, DAY_SECONDS, n), NEVER
    )
    other_school = rng.integers(0, len(schools), n)

    week = 7 * DAY_SECONDS
    lifetime = rng.exponential(1.0, n) * personas.habit("lifetime_days")[persona]
    lifetime *= np.where(linked_at - created_at <= week, personas.LINKED_IN_FIRST_WEEK_FACTOR, 1.0)
    scans_early = first_scan_at - created_at <= week
    lifetime *= np.where(scans_early, personas.SCANNED_IN_FIRST_WEEK_FACTOR, 1.0)
    lifetime = np.where(arrivals.is_fake, 0.0, lifetime)

    verified = rng.choice(3, n, p=VERIFIED_SHARES).astype(np.int8)
    verified_later = (verified == VERIFIED) & (rng.random(n) < VERIFIED_LATER_SHARE)
    adds_share = np.where(scans_early, personas.ADDS_PAYMENT_AFTER_EARLY_SCAN_SHARE, personas.ADDS_PAYMENT_SHARE)
    adds_payment = rng.random(n) < adds_share
    payment_at = np.where(adds_payment, base + _lognormal_seconds(rng, 20 * MINUTE, 1.0, n), NEVER)
    corrected = rng.random(n) < config.correction_rate
    corrected_at = np.where(corrected, created_at + rng.integers(1, 60, n) * DAY_SECONDS, NEVER)

    plays, plays_hard = schemes.cast_players(rng, config, n, is_founding=first == 0)
    scheme = np.where(arrivals.is_fake, arrivals.scheme, plays).astype(np.int8)
    is_hard = np.where(arrivals.is_fake, arrivals.is_hard, plays_hard)
    player = np.where(scheme == schemes.NO_SCHEME, NOBODY, own)
    player = np.where(arrivals.is_fake, sender_of("player", own), player)
    teacher = persona == personas.PERSONAS.index(personas.TEACHER)
    invites_class = teacher & (rng.random(n) < schemes.CLASS_SHARE) & (scheme == schemes.NO_SCHEME)
    # The careful ring waits before it links, and looks in now and then.
    careful = arrivals.is_fake & is_hard & (scheme == schemes.MINIMUM_EFFORT)
    wait = rng.integers(1 * DAY_SECONDS, 4 * DAY_SECONDS, n)
    linked_at = np.where(careful & (linked_at < NEVER), linked_at + wait, linked_at)
    lifetime = np.where(careful, CAREFUL_RING_DAYS, lifetime)

    life = {
        "cohort_day": np.full(n, cohort_day, np.int32),
        "install_at": arrivals.install_at,
        "created_at": created_at,
        "onboarding_started_at": started_at,
        "onboarded_at": onboarded_at,
        "linked_at": linked_at,
        "changed_at": changed_at,
        "first_scan_at": first_scan_at,
        "payment_at": payment_at,
        "verified_at": np.where(verified_later, created_at + rng.integers(1, 4, n) * DAY_SECONDS, NEVER),
        "corrected_at": corrected_at,
        "lifetime": (lifetime * DAY_SECONDS).astype(np.int64),
        "liveliness": rng.gamma(2.0, 0.5, n),
        "persona": persona,
        "channel": arrivals.channel,
        "platform": platform,
        "verified": verified,
        "school": school,
        "changed_school": other_school,
        "device": own,
        "borrowed_device": np.full(n, NOBODY),
        "payment": np.where(adds_payment, own, NOBODY),
        "email_owner": own,
        "email_alias": np.zeros(n, np.int32),
        "email_domain": rng.choice(len(DOMAIN_SHARES), n, p=DOMAIN_SHARES),
        "first_name": rng.integers(0, FIRST_NAME_COUNT, n),
        "last_name": rng.integers(0, LAST_NAME_COUNT, n),
        "sender": arrivals.sender,
        "scheme": scheme,
        "player": player,
        "family": np.full(n, NOBODY),
        "invites_class": invites_class,
        "is_fake": arrivals.is_fake,
        "is_hard": is_hard,
        "is_reinstall": arrivals.is_reinstall,
    }
    life["email_domain"] = np.where(scheme == schemes.SELF_EMAIL, GMAIL, life["email_domain"])
    _share_tablets(rng, life, people, sender)
    _disguise(rng, life, own, sender, sender_of)
    return life


def _sender_lookup(people: Columns, sender: np.ndarray):  # type: ignore[no-untyped-def]
    """A function that reads a column of the senders; the default where there are no people yet."""

    def read(column: str, default: np.ndarray) -> np.ndarray:
        return people[column][sender] if len(people) else default

    return read


def _share_tablets(rng: np.random.Generator, life: dict[str, np.ndarray], people: Columns, sender: np.ndarray) -> None:
    """Innocent look-alikes: some newcomers use a relative's tablet; neither of the two invited the other."""
    n, known = len(life["device"]), len(people)
    if not known:
        return
    owner = rng.integers(0, known, n)
    shares = (rng.random(n) < schemes.SHARED_TABLET_SHARE) & (life["sender"] < 0) & (life["scheme"] == 0)
    shares &= (people["scheme"][owner] == 0) & (owner != sender)
    shares &= ~people["is_fake"][owner]
    for column in ("device", "last_name", "school"):
        life[column] = np.where(shares, people[column][owner], life[column])
    life["family"] = np.where(shares, owner, NOBODY)


def _disguise(  # type: ignore[no-untyped-def]
    rng: np.random.Generator, life: dict[str, np.ndarray], own: np.ndarray, sender: np.ndarray, sender_of
) -> None:
    """Give made-up accounts the traces of their scheme; see ``include.generator.schemes``."""
    fake, hard, scheme = life["is_fake"], life["is_hard"], life["scheme"]
    by_device = fake & (scheme == schemes.SELF_DEVICE)
    by_email = fake & (scheme == schemes.SELF_EMAIL)
    by_payment = fake & (scheme == schemes.SELF_PAYMENT)
    farm = fake & (scheme == schemes.DEVICE_FARM)

    senders_device = sender_of("device", own)
    life["device"] = np.where(by_device & ~hard, senders_device, life["device"])
    life["borrowed_device"] = np.where(by_device & hard, senders_device, life["borrowed_device"])
    # Farm devices carry numbers far above every account's own: two per player at most.
    farm_device = 10**12 + life["player"] * 2 + np.where(hard, own % 2, 0)
    life["device"] = np.where(farm, farm_device, life["device"])

    life["email_owner"] = np.where(by_email, sender, life["email_owner"])
    life["email_alias"] = np.where(by_email, np.where(hard, -1 - own % 3, own % 10_000 + 1), life["email_alias"])

    life["payment"] = np.where(by_payment, sender, life["payment"])
    soon = life["created_at"] + rng.integers(HOUR, 3 * DAY_SECONDS, len(own))
    life["payment_at"] = np.where(
        by_payment & hard, soon, np.where(by_payment, life["created_at"] + MINUTE, life["payment_at"])
    )
    # Players who share their means of payment have one themselves.
    plays_payment = ~fake & (scheme == schemes.SELF_PAYMENT)
    life["payment"] = np.where(plays_payment, own, life["payment"])
    life["payment_at"] = np.where(plays_payment, life["created_at"] + MINUTE, life["payment_at"])
