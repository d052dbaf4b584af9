"""The world day by day: people arrive, their lives are decided, they invite friends, and the friends arrive in turn."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from include.generator import happenings as ev
from include.generator import schemes
from include.generator.catalogue import make_products, paid_cents, pick_products
from include.generator.channels import CHANNEL_NAMES, MARKETING_CHANNELS, REFERRAL_CHANNEL
from include.generator.columns import Columns
from include.generator.config import SimulationConfig
from include.generator.delivery import landing_delays
from include.generator.incidents import plan_incidents
from include.generator.invites import Invites, send_invites
from include.generator.lives import (
    HOUR,
    LIFE_COLUMNS,
    MINUTE,
    NEVER,
    NOBODY,
    UNVERIFIED,
    Arrivals,
    begin_lives,
)
from include.generator.names import make_names
from include.generator.places import make_schools
from include.generator.rewards import bonus_changes_at, reward_entries
from include.generator.seasons import DAY_SECONDS, day_number, seconds_of_day, to_date
from include.generator.streams import stream

FOUNDERS_SHARE = 0.42  # of config.users: they were there before the epoch
FOUNDERS_AGE_DAYS = 90.0  # mean
STRANGERS_PER_DAY = 0.0030  # of config.users: sign-ups that no friend brought
SCHOOL_START_FACTOR = {8: 1.5, 9: 1.4}

AT_SIGNUP_SHARE, WITHIN_WINDOW_SHARE, TOO_LATE_SHARE = 0.74, 0.12, 0.09  # of invited sign-ups; the rest never apply
SECOND_INVITE_SHARE = 0.10  # invited people who apply a second friend's code too
WINDOW = 48 * HOUR  # of the programme: a code counts until then after the install


class World:
    """One simulated world from its epoch to the day it was advanced to. Later days never change earlier rows.

    Row numbers are identities: person i has user_id i + 1, referral i has referral_id i + 1. Times are seconds.
    """

    def __init__(self, config: SimulationConfig) -> None:
        if config.epoch is None:
            raise ValueError("a world needs an epoch: use include.generator.simulate.resolve_epoch")
        self.config = config
        self.epoch_day = day_number(config.epoch)
        self.schools = make_schools(config, self.epoch_day)
        self.products = make_products(config, self.epoch_day)
        self.names = make_names(config)
        self.people = Columns(**LIFE_COLUMNS)
        self.referrals = Columns(
            sender="i8", sent_at="i8", channel="i1", names_an_email="?", clicked_at="i8", is_class="?", is_abusive="?"
        )
        # At most one per referral: the account at its other end.
        self.conversions = Columns(referral="i8", referred="i8", converted_at="i8", applied_at="i8", eligible_at="i8")
        self.events = Columns(
            user="i8", type="i1", at="i8", referral="i8", detail="i8", side="i1", delay="i2", again="i2"
        )
        self.purchases = Columns(user="i8", product="i4", quantity="i4", cents="i8", at="i8", delay="i2", again="i2")
        self.incidents = plan_incidents(config)
        self.bonus_changes_at = bonus_changes_at(config, self.epoch_day)
        self._arriving: defaultdict[int, list[Arrivals]] = defaultdict(list)
        self._next_day = self.epoch_day
        self._compounding_members = 0
        self._fake_accounts = schemes.fake_accounts_of(config)

    def advance(self, day: int) -> None:
        """Decide the lives of everybody who installs up to and including that day (days since 1970)."""
        while self._next_day <= day:
            today = self._next_day
            self._arriving[today].append(self._strangers(today))
            wave = 0
            while today in self._arriving:
                self._arrive(today, wave, _together(self._arriving.pop(today)))
                wave += 1  # friends who install on the very day they were invited
            self._next_day = today + 1

    @property
    def last_day(self) -> int:
        """The day it was advanced to (days since 1970); the day before the epoch while it has not been."""
        return self._next_day - 1

    def people_until(self, day: int) -> int:
        """How many people had installed by the end of that day: they are the first ones."""
        return int(np.searchsorted(self.people["cohort_day"], day, side="right"))

    def ends_of_referrals(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Per referral: the account at its other end, when it converted, when its bonuses fall due; NOBODY or NEVER."""
        count, rows = len(self.referrals), self.conversions["referral"]
        referred, converted_at, eligible_at = np.full(count, NOBODY), np.full(count, NEVER), np.full(count, NEVER)
        referred[rows] = self.conversions["referred"]
        converted_at[rows] = self.conversions["converted_at"]
        eligible_at[rows] = self.conversions["eligible_at"]
        return referred, converted_at, eligible_at

    def _strangers(self, day: int) -> Arrivals:
        rng = stream(self.config.seed, "arrivals", day)
        month = to_date(day).month
        count = rng.poisson(self.config.users * STRANGERS_PER_DAY * SCHOOL_START_FACTOR.get(month, 1.0))
        install_at = day * DAY_SECONDS + seconds_of_day(rng, count)
        if day == self.epoch_day:
            founders = max(2, round(self.config.users * FOUNDERS_SHARE))
            age = (1.0 + rng.exponential(FOUNDERS_AGE_DAYS, founders)) * DAY_SECONDS
            # Slow sign-ups take up to 60 hours: founders have all signed up before the epoch.
            install_at = np.concatenate([day * DAY_SECONDS - 60 * HOUR - age.astype(np.int64), install_at])
        n = len(install_at)
        shares = [channel.share for channel in MARKETING_CHANNELS]
        nobody, no = np.full(n, NOBODY), np.zeros(n, bool)
        channel = rng.choice(len(MARKETING_CHANNELS), n, p=shares)
        return Arrivals(install_at, channel, nobody, nobody, np.zeros(n, np.int8), no, no, no)

    def _arrive(self, day: int, wave: int, arrivals: Arrivals) -> None:
        seed, first = self.config.seed, len(self.people)
        life = begin_lives(stream(seed, "lives", day, wave), self.config, self.schools, self.people, arrivals, day)
        rng = stream(seed, "conversions", day, wave)
        invited = np.flatnonzero(arrivals.referral >= 0)
        second = invited[(rng.random(len(invited)) < SECOND_INVITE_SHARE) & ~arrivals.is_fake[invited]]
        if first == 0:
            second = second[:0]
        # A second friend's invitation arrives between install and sign-up, so the sign-up waits for it.
        wait = np.zeros(len(arrivals), np.int64)
        wait[second] = HOUR
        for column in (
            "created_at",
            "onboarding_started_at",
            "onboarded_at",
            "linked_at",
            "changed_at",
            "first_scan_at",
            "payment_at",
        ):
            life[column] = np.where(life[column] < NEVER, life[column] + wait, NEVER)
        self.people.append(**life)
        self._record_lives(rng, life, first)
        self._convert(rng, life, arrivals, first, invited, second)
        self._compounding_members += int(self.schools.is_compounding(life["school"]).sum())
        invites = send_invites(
            stream(seed, "invites", day, wave),
            life,
            first,
            self.epoch_day * DAY_SECONDS,
            arrivals.sender,
            self.schools.eagerness(life["school"], self._compounding_members, self.config.compounding_school_factor),
            self._fake_accounts,
        )
        self._record_invites(stream(seed, "invites", day, wave, 1), invites, life, first)

    def _record_lives(self, rng: np.random.Generator, life: dict[str, np.ndarray], first: int) -> None:
        """Everything that happens once in a life, as events; the first receipt with its purchase."""
        n = len(life["install_at"])
        user = np.arange(first, first + n)
        self._emit(rng, ev.INSTALL, user, life["install_at"], detail=life["is_reinstall"])
        self._emit(rng, ev.SIGNUP, user, life["created_at"])
        self._emit(rng, ev.APP_OPEN, user, life["created_at"] + 10)
        self._emit(rng, ev.ONBOARDING_STARTED, user, life["onboarding_started_at"])
        self._emit(rng, ev.ONBOARDING_COMPLETE, user, life["onboarded_at"])
        self._emit(rng, ev.SCHOOL_LINKED, user, life["linked_at"], detail=life["school"] + 1)
        self._emit(rng, ev.SCHOOL_LINKED, user, life["changed_at"], detail=life["changed_school"] + 1)
        self._emit(rng, ev.PAYMENT_METHOD_ADDED, user, life["payment_at"], detail=life["payment"])
        borrowed = np.where(life["borrowed_device"] >= 0, life["created_at"] + 2 * HOUR, NEVER)
        self._emit(rng, ev.APP_OPEN, user, borrowed, detail=life["borrowed_device"] + 1)

        at = life["first_scan_at"]
        # The completed scan is what counts; the start lies a good minute before it.
        self._emit(rng, ev.SCAN_STARTED, user, np.where(at < NEVER, at - 75, NEVER), detail=user)
        self._emit(rng, ev.SCAN_SUBMITTED, user, np.where(at < NEVER, at - 30, NEVER), detail=user)
        self._emit(rng, ev.SCAN_COMPLETED, user, at, detail=user)
        product = pick_products(self.products, life["persona"], rng.random(n), at // DAY_SECONDS)
        buys = np.flatnonzero((at < NEVER) & (at >= self.epoch_day * DAY_SECONDS))
        delay, again = landing_delays(rng, self.config, len(buys))
        quantity = 1 + rng.poisson(0.4, len(buys))
        cents = paid_cents(self.products, product[buys], quantity, at[buys] // DAY_SECONDS)
        self.purchases.append(
            user=user[buys],
            product=product[buys],
            quantity=quantity,
            cents=cents,
            at=at[buys] - 30,
            delay=delay,
            again=again,
        )

    def _convert(
        self,
        rng: np.random.Generator,
        life: dict[str, np.ndarray],
        arrivals: Arrivals,
        first: int,
        invited: np.ndarray,
        second: np.ndarray,
    ) -> None:
        """Invited people apply their code, in time or not, and what becomes due is awarded."""
        n = len(invited)
        install_at, created_at = life["install_at"][invited], life["created_at"][invited]
        fake = arrivals.is_fake[invited]
        draw = rng.random(n)
        at_signup = (draw < AT_SIGNUP_SHARE) | fake
        in_window = ~at_signup & (draw < AT_SIGNUP_SHARE + WITHIN_WINDOW_SHARE)
        too_late = ~at_signup & ~in_window & (draw < AT_SIGNUP_SHARE + WITHIN_WINDOW_SHARE + TOO_LATE_SHARE)
        later = install_at + rng.integers(1 * HOUR, 44 * HOUR, n)
        applied_at = np.select(
            [at_signup, in_window, too_late],
            [
                created_at,
                np.maximum(created_at, later),
                np.maximum(created_at, install_at) + rng.integers(49 * HOUR, 200 * HOUR, n),
            ],
            NEVER,
        )
        sender = arrivals.sender[invited]
        valid = (applied_at <= created_at) | (applied_at <= install_at + WINDOW)
        valid &= ~life["is_reinstall"][invited] & (self.people["verified"][sender] != UNVERIFIED)
        is_self = fake & np.isin(life["scheme"][invited], schemes.SELF_REFERRALS)
        qualified_at = np.minimum(life["linked_at"], life["first_scan_at"])[invited]
        eligible_at = np.maximum(np.maximum(applied_at, life["onboarded_at"][invited]), qualified_at)
        eligible_at = np.where(valid & ~is_self, eligible_at, NEVER)
        self._record_conversions(
            rng, arrivals.referral[invited], first + invited, applied_at, created_at, eligible_at, is_self
        )

        # The second friend's code: applied hours after the first, so it earns nothing unless the first was invalid.
        m = len(second)
        place = np.searchsorted(invited, second)
        sent_at = life["install_at"][second] + rng.integers(MINUTE, 10 * MINUTE, m)
        other = rng.integers(0, max(first, 1), m)
        different = other != sender[place]
        second, place, sent_at, other = second[different], place[different], sent_at[different], other[different]
        m = len(second)
        referral = len(self.referrals) + np.arange(m)
        self.referrals.append(
            sender=other,
            sent_at=sent_at,
            channel=np.zeros(m, np.int8),
            names_an_email=0,
            clicked_at=sent_at + 40,
            is_class=0,
            is_abusive=0,
        )
        self._emit(rng, ev.INVITE_SENT, other, sent_at, referral=referral, detail=np.zeros(m, np.int64))
        self._emit(rng, ev.INVITE_CLICKED, other, sent_at + 40, referral=referral, detail=np.zeros(m, np.int64))
        again_at = np.where(applied_at[place] < NEVER, applied_at[place] + rng.integers(HOUR, 4 * HOUR, m), NEVER)
        first_valid = valid[place]
        in_time = again_at <= install_at[place] + WINDOW
        credited = (
            ~first_valid & in_time & ~life["is_reinstall"][second] & (self.people["verified"][other] != UNVERIFIED)
        )
        eligible_again = np.maximum(np.maximum(again_at, life["onboarded_at"][second]), qualified_at[place])
        eligible_again = np.where(credited, eligible_again, NEVER)
        self._record_conversions(
            rng, referral, first + second, again_at, created_at[place], eligible_again, np.zeros(m, bool)
        )

    def _record_conversions(
        self,
        rng: np.random.Generator,
        referral: np.ndarray,
        referred: np.ndarray,
        applied_at: np.ndarray,
        created_at: np.ndarray,
        eligible_at: np.ndarray,
        is_self: np.ndarray,
    ) -> None:
        eligible_at = np.minimum(eligible_at, NEVER)
        converted_at = np.where(applied_at < NEVER, np.maximum(created_at, applied_at), NEVER)
        self.conversions.append(
            referral=referral,
            referred=referred,
            converted_at=converted_at,
            applied_at=applied_at,
            eligible_at=eligible_at,
        )
        self._emit(rng, ev.REFERRAL_APPLIED, referred, applied_at, referral=referral)
        entries = reward_entries(rng, applied_at, eligible_at, is_self, self.incidents, self.bonus_changes_at)
        sender = self.referrals["sender"][referral[entries.position]]
        earner = np.where(entries.side == ev.REFERRER_BONUS, sender, referred[entries.position])
        self._emit(
            rng,
            entries.event_type,
            earner,
            entries.at,
            referral=referral[entries.position],
            detail=entries.bonus,
            side=entries.side,
        )

    def _record_invites(
        self, rng: np.random.Generator, invites: Invites, life: dict[str, np.ndarray], first: int
    ) -> None:
        n = len(invites)
        referral = len(self.referrals) + np.arange(n)
        self.referrals.append(
            sender=invites.sender,
            sent_at=invites.sent_at,
            channel=invites.channel,
            names_an_email=invites.names_an_email,
            clicked_at=invites.clicked_at,
            is_class=invites.is_class,
            is_abusive=invites.is_abusive,
        )
        self._emit(rng, ev.INVITE_SENT, invites.sender, invites.sent_at, referral=referral, detail=invites.channel)
        self._emit(
            rng, ev.INVITE_CLICKED, invites.sender, invites.clicked_at, referral=referral, detail=invites.channel
        )
        was_user = self.people["created_at"][np.maximum(invites.existing_user, 0)] < invites.sent_at
        old = np.flatnonzero((invites.existing_applied_at < NEVER) & was_user)
        never = np.full(len(old), NEVER)
        applied_at = invites.existing_applied_at[old]
        self._record_conversions(
            rng, referral[old], invites.existing_user[old], applied_at, applied_at, never, np.zeros(len(old), bool)
        )
        coming = np.flatnonzero(invites.install_at < NEVER)
        days = invites.install_at[coming] // DAY_SECONDS
        order = np.argsort(days, kind="stable")
        coming, days = coming[order], days[order]
        channel = CHANNEL_NAMES.index(REFERRAL_CHANNEL)
        for day in np.unique(days):
            part = coming[slice(*np.searchsorted(days, [day, day + 1]))]
            self._arriving[int(day)].append(
                Arrivals(
                    install_at=invites.install_at[part],
                    channel=np.full(len(part), channel),
                    sender=invites.sender[part],
                    referral=referral[part],
                    scheme=life["scheme"][invites.sender[part] - first],
                    is_fake=invites.is_fake[part],
                    is_hard=invites.is_hard[part],
                    is_reinstall=invites.is_reinstall[part],
                )
            )

    def _emit(
        self,
        rng: np.random.Generator,
        event_type: np.ndarray | int,
        user: np.ndarray,
        at: np.ndarray,
        referral: np.ndarray | int = NOBODY,
        detail: np.ndarray | int = 0,
        side: np.ndarray | int = 0,
    ) -> None:
        """Note events of the days from the epoch on; what never happens or lies before it is left out."""
        kept = np.flatnonzero((at >= self.epoch_day * DAY_SECONDS) & (at < NEVER))
        delay, again = landing_delays(rng, self.config, len(kept))

        def chosen(values: np.ndarray | int) -> np.ndarray | int:
            return values[kept] if isinstance(values, np.ndarray) else values

        self.events.append(
            user=user[kept],
            type=chosen(event_type),
            at=at[kept],
            referral=chosen(referral),
            detail=chosen(detail),
            side=chosen(side),
            delay=delay,
            again=again,
        )


def _together(groups: list[Arrivals]) -> Arrivals:
    names = Arrivals.__dataclass_fields__
    return Arrivals(**{name: np.concatenate([getattr(group, name) for group in groups]) for name in names})
