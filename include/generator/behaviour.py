"""What people do on one day, for everybody at once: open the app, look at incentives, scan receipts, buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from include.generator import happenings as ev
from include.generator import personas
from include.generator.catalogue import paid_cents, pick_products
from include.generator.delivery import landing_delays
from include.generator.incidents import BROKEN_PLATFORM, BROKEN_SCAN_COMPLETED_SHARE
from include.generator.seasons import DAY_SECONDS, activity_factor, seconds_of_day
from include.generator.streams import stream
from include.generator.world import World

# Of the early eagerness this much stays; the rest fades with this mean.
HABIT_FLOOR, HABIT_FADES_DAYS = 0.40, 25.0
DORMANT_FACTOR = 0.01  # after the lifetime: the odd look
INCENTIVE_VIEWED_SHARE = 0.30  # of openings
INCENTIVES = 12
SCAN_SUBMITTED_SHARE = 0.95  # of started ones; the rest is given up
FURTHER_LINES_PER_RECEIPT = 0.35
FURTHER_PIECES_PER_LINE = 0.40

# One day's people in three groups that are drawn apart, so that a late day can be told without telling the whole day.
ON_TIME, LATE, TWICE = range(3)


@dataclass(frozen=True)
class Happenings:
    """Events of one type on one day; ``detail`` is the scan or incentive, ``purchase`` the first line bought."""

    event_type: int
    user: np.ndarray
    at: np.ndarray
    detail: np.ndarray
    reason: np.ndarray | None = None
    purchase: np.ndarray | None = None


@dataclass(frozen=True)
class Receipts:
    """Lines bought on one day, numbered from 0."""

    user: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    cents: np.ndarray
    at: np.ndarray


@dataclass(frozen=True)
class Group:
    """People of one day whose phones deliver alike, and in how many days (0 for ON_TIME)."""

    kind: int
    people: np.ndarray
    delay: np.ndarray


def groups_of(world: World, day: int) -> tuple[Group, Group, Group]:
    """Everybody who has signed up before that day, split by how the day's rows will travel."""
    everybody = np.flatnonzero(world.people["created_at"][: world.people_until(day)] < day * DAY_SECONDS)
    # Drawn for all installed people: a number belongs to the person's position, whoever has signed up.
    delay, again = landing_delays(stream(world.config.seed, "delivery", day), world.config, world.people_until(day))
    delay, again = delay[everybody], again[everybody]
    late, twice = delay > 0, again > 0
    on_time = ~late & ~twice
    return (
        Group(ON_TIME, everybody[on_time], delay[on_time]),
        Group(LATE, everybody[late], delay[late]),
        Group(TWICE, everybody[twice], again[twice]),
    )


def act(world: World, day: int, group: Group) -> tuple[list[Happenings], Receipts]:
    """All that the people of a group do that day. The same day and group give the same answer, whatever came before."""
    rng = stream(world.config.seed, "behaviour", day, group.kind)
    people = world.people
    openings = rng.poisson(opening_rate(world, day, group.people))
    user = np.repeat(group.people, openings)
    opened_at = day * DAY_SECONDS + seconds_of_day(rng, len(user))
    last_second = (day + 1) * DAY_SECONDS - 1
    persona = people["persona"][user]

    views = np.flatnonzero(rng.random(len(user)) < INCENTIVE_VIEWED_SHARE)
    # Regular scanning begins on the day after the first receipt, which the person's life decides.
    scans = rng.random(len(user)) < personas.habit("scans_per_open")[persona]
    starts = np.flatnonzero(scans & (people["first_scan_at"][user] < day * DAY_SECONDS))
    scan = np.arange(len(starts))
    started_at = np.minimum(opened_at[starts] + rng.integers(15, 120, len(starts)), last_second)
    submitted = np.flatnonzero(rng.random(len(starts)) < SCAN_SUBMITTED_SHARE)
    submitted_at = np.minimum(started_at[submitted] + rng.integers(20, 90, len(submitted)), last_second)
    share = np.array([personas.SCAN_COMPLETED_SHARE[platform] for platform in personas.PLATFORMS])
    broken = world.incidents.on("broken_release", day)
    if broken:
        share[BROKEN_PLATFORM] = BROKEN_SCAN_COMPLETED_SHARE
    succeeds = rng.random(len(submitted)) < share[people["platform"][user[starts[submitted]]]]
    ended_at = np.minimum(submitted_at + rng.integers(5, 60, len(submitted)), last_second)
    done, failed = submitted[succeeds], submitted[~succeeds]
    reason = np.searchsorted(np.cumsum(personas.FAILURE_SHARES), rng.random(len(failed)))
    if broken:
        crashed = people["platform"][user[starts[failed]]] == BROKEN_PLATFORM
        reason = np.where(crashed, personas.FAILURE_REASONS.index("timeout"), reason)

    lines = 1 + rng.poisson(FURTHER_LINES_PER_RECEIPT, len(done))
    first_line = np.cumsum(lines) - lines
    buyer = np.repeat(user[starts[done]], lines)
    product = pick_products(world.products, people["persona"][buyer], rng.random(len(buyer)), day)
    quantity = 1 + rng.poisson(FURTHER_PIECES_PER_LINE, len(buyer))
    receipts = Receipts(
        user=buyer,
        product=product,
        quantity=quantity,
        cents=paid_cents(world.products, product, quantity, day),
        at=np.repeat(submitted_at[succeeds], lines),
    )
    happenings = [
        Happenings(ev.APP_OPEN, user, opened_at, np.zeros(len(user), np.int64)),
        Happenings(ev.INCENTIVE_VIEWED, user[views], opened_at[views], rng.integers(1, INCENTIVES + 1, len(views))),
        Happenings(ev.SCAN_STARTED, user[starts], started_at, scan),
        Happenings(ev.SCAN_SUBMITTED, user[starts[submitted]], submitted_at, scan[submitted]),
        Happenings(ev.SCAN_COMPLETED, user[starts[done]], ended_at[succeeds], scan[done], purchase=first_line),
        Happenings(
            ev.SCAN_FAILED, user[starts[failed]], ended_at[~succeeds], scan[failed],
            reason=np.minimum(reason, len(personas.FAILURE_REASONS) - 1),
        ),
    ]  # fmt: skip
    return happenings, receipts


def opening_rate(world: World, day: int, people: np.ndarray) -> np.ndarray:
    """Expected openings of the app that day, one entry per person."""
    columns = world.people
    tenure = (day * DAY_SECONDS - columns["created_at"][people]) / DAY_SECONDS
    habit = HABIT_FLOOR + (1 - HABIT_FLOOR) * np.exp(-tenure / HABIT_FADES_DAYS)
    alive = tenure * DAY_SECONDS <= columns["lifetime"][people]
    rate = personas.habit("opens_per_week")[columns["persona"][people]] / 7 * columns["liveliness"][people]
    rate *= habit * activity_factor(day)
    # Made-up accounts never come back, not even for the odd look.
    return np.where(alive, rate, np.where(columns["is_fake"][people], 0.0, rate * DORMANT_FACTOR))
