"""What lands on which day: a day's own rows, and late and repeated ones of the three weeks before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.generator.behaviour import Group, act, groups_of
from include.generator.delivery import MOST_DELAY_DAYS
from include.generator.lives import NEVER, NOBODY
from include.generator.logs import day_event_rows, day_purchase_rows, life_event_rows, life_purchase_rows
from include.generator.malformed import with_malformed_rows
from include.generator.records import product_rows, referral_rows, school_rows, user_rows
from include.generator.seasons import DAY_SECONDS
from include.generator.spend import spend_rows
from include.generator.streams import stream
from include.generator.world import World

DAYS_AT_ONCE = 14
SILENT_SHARE = 0.5  # of the phones, on a day of half volume

Pair = tuple[pa.Table, pa.Table]  # events, purchases


class Deliveries:
    """The landing days of a world that has been advanced to its last day asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._later: dict[int, dict[int, list[Pair]]] = {}
        self._told_twice: dict[int, Pair] = {}
        self._life_events = _OneTimeRows(_landings(world.events), partial(life_event_rows, world), world.last_day)
        self._life_purchases = _OneTimeRows(
            _landings(world.purchases), partial(life_purchase_rows, world), world.last_day
        )
        self._user_changes = _Calendar(_user_changes(world))
        self.conversion_of = np.full(len(world.referrals), NOBODY)
        self.conversion_of[world.conversions["referral"]] = np.arange(len(world.conversions))
        self._referral_changes = _Calendar(_referral_changes(world, self.conversion_of))

    def day(self, day: int) -> dict[str, pa.Table]:
        """The rows of every table that land on that day (days since 1970); depends on the world and the day alone."""
        world = self.world
        pairs = []
        if not world.incidents.on("missing_day", day):
            on_time, _, twice = groups_of(world, day)
            self._told_twice[day] = self._told(day, twice)
            pairs = [self._told(day, on_time), self._told_twice[day], *self._under_way(day)]
            if world.incidents.on("missing_day", day - 1):
                pairs += self._under_way(day - 1)
        self._later.pop(day - MOST_DELAY_DAYS - 2, None)
        self._told_twice.pop(day - 1, None)  # _later_rows has asked for them once more
        referrals = self._referral_changes.on(day)
        tables = {
            "users": user_rows(world, self._user_changes.on(day), day),
            "referrals": referral_rows(world, referrals, self.conversion_of[referrals], day),
            "acquisition_spend": spend_rows(world.config, day),
        }
        if pairs:
            tables["events"] = pa.concat_tables([pair[0] for pair in pairs])
            tables["purchases"] = pa.concat_tables([pair[1] for pair in pairs])
        if day == world.epoch_day:
            tables |= {"schools": school_rows(world), "products": product_rows(world)}
        rng = stream(world.config.seed, "malformed", day)
        return {
            name: with_malformed_rows(name, rows, world.config.malformed_rate, rng)
            for name, rows in sorted(tables.items())
        }

    def base(self, day: int) -> dict[str, pa.Table]:
        """Schools, products and all users as of the end of that day, for a delivery that begins on the next one."""
        users = np.flatnonzero(self.world.people["created_at"] < (day + 1) * DAY_SECONDS)
        return {
            "schools": school_rows(self.world),
            "products": product_rows(self.world),
            "users": user_rows(self.world, users, day),
        }

    def files_again(self, day: int) -> tuple[str, ...]:
        """The tables whose file is delivered a second time that day."""
        return ("events", "purchases") if self.world.incidents.on("doubled_file", day) else ()

    def _told(self, day: int, group: Group) -> Pair:
        """What the phones of a group say about one day, with what the day's incidents did to it."""
        world = self.world
        happenings, receipts = act(world, day, group)
        events = day_event_rows(world, day, group, happenings)
        purchases = day_purchase_rows(world, day, group, receipts)
        if world.incidents.on("half_volume", day):
            silent = stream(world.config.seed, "half_volume", day).random(world.people_until(day)) < SILENT_SHARE
            events, purchases = (
                rows.filter(pa.array(~silent[rows["user_id"].to_numpy() - 1])) for rows in (events, purchases)
            )
        if world.incidents.on("doubled_feed", day):
            twins = pc.binary_join_element_wise("twin", events["event_id"], "-")
            events = pa.concat_tables([events, events.set_column(0, "event_id", twins)])
        return events, purchases

    def _under_way(self, day: int) -> list[Pair]:
        """What lands on that day besides the day's own phone rows: one-time rows, late and repeated ones."""
        pairs = [(self._life_events.on(day), self._life_purchases.on(day))]
        for earlier in range(max(self.world.epoch_day, day - MOST_DELAY_DAYS), day):
            pairs += self._later_rows(earlier).get(day, [])
        return pairs

    def _later_rows(self, day: int) -> dict[int, list[Pair]]:
        """By landing day: the rows of ``day`` that land late or once more."""
        if day not in self._later:
            found: dict[int, list[Pair]] = {}
            _, late, twice = groups_of(self.world, day)
            for group, known in ((late, None), (twice, self._told_twice.get(day))):
                events, purchases = known or self._told(day, group)
                after = [_delays(group, rows) for rows in (events, purchases)]
                for days in np.unique(group.delay):
                    found.setdefault(day + int(days), []).append(
                        (events.filter(pa.array(after[0] == days)), purchases.filter(pa.array(after[1] == days)))
                    )
            self._later[day] = found
        return self._later[day]


def _delays(group: Group, rows: pa.Table) -> np.ndarray:
    """Days until each row lands: those of its person."""
    if not rows.num_rows:
        return np.zeros(0, np.int64)
    return group.delay[np.searchsorted(group.people, rows["user_id"].to_numpy() - 1)]


class _Calendar:
    """Row numbers by day, in ascending order within the day."""

    def __init__(self, days_and_rows: tuple[np.ndarray, np.ndarray]) -> None:
        days, rows = days_and_rows
        order = np.lexsort((rows, days))
        self._days, self._rows = days[order], rows[order]

    def on(self, day: int) -> np.ndarray:
        """The rows of one day, each once."""
        return np.unique(self._rows[slice(*np.searchsorted(self._days, [day, day + 1]))])


class _OneTimeRows:
    """The rows of a calendar as tables, built for many days at once: building costs by the call, not by the row."""

    def __init__(
        self, days_and_rows: tuple[np.ndarray, np.ndarray], build: Callable[[np.ndarray], pa.Table], last_day: int
    ) -> None:
        self._calendar, self._build, self._last_day = _Calendar(days_and_rows), build, last_day
        self._first = self._end = 0
        self._starts = np.zeros(1, int)
        self._rows = pa.table({})

    def on(self, day: int) -> pa.Table:
        """The rows of one day; those of the days after it are built with them, as far as the world goes."""
        if not self._first <= day < self._end:
            self._first, self._end = day, max(day, min(day + DAYS_AT_ONCE - 1, self._last_day)) + 1
            chosen = [self._calendar.on(each) for each in range(self._first, self._end)]
            self._starts = np.cumsum([0, *(len(rows) for rows in chosen)])
            self._rows = self._build(np.concatenate(chosen))
        start, end = self._starts[day - self._first : day - self._first + 2]
        return self._rows.slice(start, end - start)


def _landings(log) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[no-untyped-def]
    """When each row of a log lands: once, and the repeated ones twice."""
    day = log["at"] // DAY_SECONDS
    rows = np.arange(len(log))
    repeated = np.flatnonzero(log["again"] > 0)
    days = np.concatenate([day + log["delay"], day[repeated] + log["again"][repeated]])
    return days, np.concatenate([rows, repeated])


def _user_changes(world: World) -> tuple[np.ndarray, np.ndarray]:
    """The days on which a person's record is new or changed."""
    people = world.people
    created = np.maximum(people["created_at"], world.epoch_day * DAY_SECONDS)
    times = [created]
    for column in ("linked_at", "changed_at", "verified_at", "corrected_at", "payment_at"):
        times.append(np.where(people[column] > created, people[column], NEVER))
    return _days_of(times, len(people))


def _referral_changes(world: World, conversion_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The days on which a referral is new or its status changes."""
    referrals = world.referrals
    converted_at = np.full(len(referrals), NEVER)
    has_one = conversion_of >= 0
    converted_at[has_one] = world.conversions["converted_at"][conversion_of[has_one]]
    return _days_of([referrals["sent_at"], referrals["clicked_at"], converted_at], len(referrals))


def _days_of(times: list[np.ndarray], count: int) -> tuple[np.ndarray, np.ndarray]:
    at = np.concatenate(times)
    rows = np.tile(np.arange(count), len(times))
    known = at < NEVER
    return at[known] // DAY_SECONDS, rows[known]
