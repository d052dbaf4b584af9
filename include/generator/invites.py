"""Invitations: who sends how many, when, by which channel, and how far each one gets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.generator import personas, schemes
from include.generator.channels import INVITE_CHANNELS
from include.generator.lives import HOUR, MINUTE, NEVER, NOBODY
from include.generator.seasons import DAY_SECONDS, kept_invites

WAIT_DAYS = 35.0  # mean from sign-up (or the epoch) to an invitation
SCHEME_WAIT_DAYS = 25.0  # mean until a player begins
CLASS_SIZE = (15, 30)
TO_EXISTING_USER_SHARE = 0.06
BACK_TO_SENDER_SHARE = 0.25  # of those: to the friend by whom one was invited oneself
EXISTING_USER_APPLIES_SHARE = 0.60
REINSTALL_SHARE = 0.04


@dataclass(frozen=True)
class Invites:
    """One entry per invitation; times in seconds, NEVER where a step is not reached."""

    sender: np.ndarray
    sent_at: np.ndarray
    channel: np.ndarray
    names_an_email: np.ndarray
    clicked_at: np.ndarray
    install_at: np.ndarray  # of a new account
    existing_user: np.ndarray  # the user who gets it, NOBODY when the friend is no user yet
    existing_applied_at: np.ndarray
    is_reinstall: np.ndarray
    is_class: np.ndarray
    is_fake: np.ndarray  # brings an account that its sender made up
    is_abusive: np.ndarray  # that, or the closing link of a loop
    is_hard: np.ndarray

    def __len__(self) -> int:
        return len(self.sender)


def send_invites(
    rng: np.random.Generator,
    life: dict[str, np.ndarray],
    first: int,
    epoch_at: int,
    sender_senders: np.ndarray,
    eagerness: np.ndarray,
    fake_accounts: tuple[np.ndarray, np.ndarray],
) -> Invites:
    """All invitations that the people of ``life`` (numbered from ``first``) will ever send after the epoch.

    ``sender_senders`` is who invited each of them, or NOBODY; ``eagerness`` a factor on the habit of each to invite;
    ``fake_accounts`` the fewest and most accounts made up per player, by scheme.
    """
    n = len(life["persona"])
    mean = personas.habit("invites")[life["persona"]] * eagerness
    spread = personas.habit("invite_spread")[life["persona"]]
    count = rng.poisson(mean * rng.lognormal(-(spread**2) / 2, spread))
    class_size = np.where(life["invites_class"], rng.integers(*CLASS_SIZE, n), 0)
    fewest, most = (sizes[life["scheme"]] for sizes in fake_accounts)
    fake_count = np.where(life["is_fake"], 0, rng.integers(fewest, most, endpoint=True))
    count = np.where(life["is_fake"], 0, count)
    # Loops: the made-up account invites its player back; in the hard variant another one stands in between.
    in_loop = life["is_fake"] & (life["scheme"] == schemes.CIRCULAR)
    passes_on = in_loop & life["is_hard"] & (life["sender"] == life["player"])
    fake_count = np.where(passes_on, 1, fake_count)
    closes = in_loop & ~passes_on

    people = np.arange(n)
    counts = (count, class_size, fake_count, closes.astype(int))
    who = np.concatenate([np.repeat(people, each) for each in counts])
    sizes = [int(each.sum()) for each in counts]
    is_class, is_fake, is_closing = (np.repeat(np.arange(4) == place, sizes) for place in (1, 2, 3))
    start = np.maximum(life["created_at"], epoch_at)[who]
    wait = rng.exponential(WAIT_DAYS * DAY_SECONDS, len(who)).astype(np.int64)
    class_day = (rng.exponential(WAIT_DAYS, n) * DAY_SECONDS).astype(np.int64)[who] + rng.integers(
        0, 6 * HOUR, len(who)
    )
    scheme_start = np.where(life["is_fake"], 0, rng.exponential(SCHEME_WAIT_DAYS * DAY_SECONDS, n)).astype(np.int64)
    hours = np.array([scheme.within_hours for scheme in schemes.SCHEMES])[life["scheme"], life["is_hard"].astype(int)]
    scheme_wait = (scheme_start + 2 * HOUR)[who] + (rng.random(len(who)) * hours[who] * HOUR).astype(np.int64)
    is_abusive = is_fake | is_closing
    sent_at = start + MINUTE + np.select([is_abusive, is_class], [scheme_wait, class_day], wait)
    still_there = sent_at <= life["created_at"][who] + life["lifetime"][who]
    kept = (still_there & (rng.random(len(who)) < kept_invites(sent_at))) | is_abusive
    who, sent_at, is_class, is_fake, is_closing, is_abusive = (
        values[kept] for values in (who, sent_at, is_class, is_fake, is_closing, is_abusive)
    )

    m = len(who)
    share = np.array([channel.share for channel in INVITE_CHANNELS])
    channel = rng.choice(len(INVITE_CHANNELS), m, p=share)
    clicks = np.array([channel.clicked for channel in INVITE_CHANNELS])[channel]
    installs = np.array([channel.installed for channel in INVITE_CHANNELS])[channel]
    emails = np.array([channel.names_an_email for channel in INVITE_CHANNELS])[channel]
    clicked = (rng.random(m) < clicks) | is_abusive
    click_delay = np.where(is_abusive, 2 * MINUTE, 3 * HOUR) * rng.lognormal(0.0, 1.3, m)
    clicked_at = np.where(clicked, sent_at + click_delay.astype(np.int64) + 1, NEVER)

    to_existing = (rng.random(m) < TO_EXISTING_USER_SHARE) & (first > 0) & ~is_fake | is_closing
    back = to_existing & (rng.random(m) < BACK_TO_SENDER_SHARE) & (sender_senders[who] >= 0)
    existing = np.where(to_existing, rng.integers(0, max(first, 1), m), NOBODY)
    existing = np.where(back, sender_senders[who], existing)
    existing = np.where(is_closing, life["player"][who], existing)
    applies = clicked & to_existing & ((rng.random(m) < EXISTING_USER_APPLIES_SHARE) | is_closing)
    applied_at = np.where(applies, clicked_at + rng.integers(MINUTE, 12 * HOUR, m), NEVER)

    installed = (clicked & ~to_existing & (rng.random(m) < installs)) | is_fake
    install_delay = np.where(is_fake, 5 * MINUTE, HOUR) * rng.lognormal(0.0, 1.4, m)
    return Invites(
        sender=first + who,
        sent_at=sent_at,
        channel=channel,
        names_an_email=rng.random(m) < emails,
        clicked_at=clicked_at,
        install_at=np.where(installed, clicked_at + install_delay.astype(np.int64) + 1, NEVER),
        existing_user=existing,
        existing_applied_at=applied_at,
        is_reinstall=(rng.random(m) < REINSTALL_SHARE) & ~is_fake,
        is_class=is_class,
        is_fake=is_fake,
        is_abusive=is_abusive,
        is_hard=life["is_hard"][who],
    )
