"""Invitations: who sends how many, when, by which channel, and how far each one gets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.generator import personas, schemes
from include.generator.channels import INVITE_CHANNELS
from include.generator.lives import HOUR, MINUTE, NEVER, NOBODY
from include.generator.seasons import DAY_SECONDS, kept_invites

WAIT_DAYS = 35.0  # mean from sign-up (or the epoch) to an invitation
CLASS_SHARE = 0.03  # teachers who invite a whole class within a day
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
    is_fake: np.ndarray
    is_hard: np.ndarray

    def __len__(self) -> int:
        return len(self.sender)


def send_invites(
    rng: np.random.Generator, life: dict[str, np.ndarray], first: int, epoch_at: int, sender_senders: np.ndarray
) -> Invites:
    """All invitations that the people of ``life`` (numbered from ``first``) will ever send after the epoch.

    ``sender_senders`` is who invited each of them, or NOBODY.
    """
    n = len(life["persona"])
    mean = personas.habit("invites")[life["persona"]]
    spread = personas.habit("invite_spread")[life["persona"]]
    count = rng.poisson(mean * rng.lognormal(-(spread**2) / 2, spread))
    teacher = life["persona"] == personas.PERSONAS.index(personas.TEACHER)
    whole_class = teacher & (rng.random(n) < CLASS_SHARE)
    class_size = np.where(whole_class, rng.integers(*CLASS_SIZE, n), 0)
    fewest = np.array([scheme.fake_accounts[0] for scheme in schemes.SCHEMES])[life["scheme"]]
    most = np.array([scheme.fake_accounts[1] for scheme in schemes.SCHEMES])[life["scheme"]]
    fake_count = np.where(life["is_fake"], 0, rng.integers(fewest, most, endpoint=True))
    count = np.where(life["is_fake"], 0, count)

    people = np.arange(n)
    who = np.concatenate([np.repeat(people, count), np.repeat(people, class_size), np.repeat(people, fake_count)])
    is_class = np.repeat([False, True, False], [count.sum(), class_size.sum(), fake_count.sum()])
    is_fake = np.repeat([False, False, True], [count.sum(), class_size.sum(), fake_count.sum()])
    start = np.maximum(life["created_at"], epoch_at)[who]
    wait = rng.exponential(WAIT_DAYS * DAY_SECONDS, len(who)).astype(np.int64)
    class_day = (rng.exponential(WAIT_DAYS, n) * DAY_SECONDS).astype(np.int64)[who] + rng.integers(
        0, 6 * HOUR, len(who)
    )
    sent_at = start + MINUTE + np.where(is_class, class_day, wait)
    still_there = sent_at <= life["created_at"][who] + life["lifetime"][who]
    kept = (still_there & (rng.random(len(who)) < kept_invites(sent_at))) | is_fake
    who, sent_at, is_class, is_fake = who[kept], sent_at[kept], is_class[kept], is_fake[kept]

    m = len(who)
    share = np.array([channel.share for channel in INVITE_CHANNELS])
    channel = rng.choice(len(INVITE_CHANNELS), m, p=share)
    clicks = np.array([channel.clicked for channel in INVITE_CHANNELS])[channel]
    installs = np.array([channel.installed for channel in INVITE_CHANNELS])[channel]
    emails = np.array([channel.names_an_email for channel in INVITE_CHANNELS])[channel]
    clicked = (rng.random(m) < clicks) | is_fake
    click_delay = np.where(is_fake, 5 * MINUTE, 3 * HOUR) * rng.lognormal(0.0, 1.3, m)
    clicked_at = np.where(clicked, sent_at + click_delay.astype(np.int64) + 1, NEVER)

    to_existing = (rng.random(m) < TO_EXISTING_USER_SHARE) & (first > 0) & ~is_fake
    back = to_existing & (rng.random(m) < BACK_TO_SENDER_SHARE) & (sender_senders[who] >= 0)
    existing = np.where(to_existing, rng.integers(0, max(first, 1), m), NOBODY)
    existing = np.where(back, sender_senders[who], existing)
    applies = clicked & to_existing & (rng.random(m) < EXISTING_USER_APPLIES_SHARE)
    applied_at = np.where(applies, clicked_at + rng.integers(MINUTE, 12 * HOUR, m), NEVER)

    installed = (clicked & ~to_existing & (rng.random(m) < installs)) | is_fake
    install_delay = np.where(is_fake, 10 * MINUTE, HOUR) * rng.lognormal(0.0, 1.4, m)
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
        is_fake=is_fake,
        is_hard=life["is_hard"][who],
    )
