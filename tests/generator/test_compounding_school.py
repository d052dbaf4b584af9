"""One planted school outgrows the others because its people invite, and whom they invite invites in turn."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from include.generator import SimulationConfig
from include.generator.seasons import DAY_SECONDS, day_number
from include.generator.simulate import write_days
from include.generator.world import World
from include.settings import Paths

EPOCH = date(2026, 1, 1)
CONFIG = SimulationConfig(users=3000, epoch=EPOCH)
DAYS = 120


def made(config: SimulationConfig, days: int = DAYS) -> World:
    world = World(config)
    world.advance(world.epoch_day + days)
    return world


@pytest.fixture(scope="module")
def world() -> World:
    return made(CONFIG)


def members(world: World, day: int, chosen: np.ndarray | None = None) -> np.ndarray:
    """Members per school who had signed up by the end of that day after the epoch."""
    is_member = world.people["created_at"] < (day_number(EPOCH) + day + 1) * DAY_SECONDS
    if chosen is not None:
        is_member &= chosen
    return np.bincount(world.people["school"][is_member], minlength=len(world.schools))


def test_it_grows_faster_than_every_school_of_some_size(world: World) -> None:
    before, after = members(world, -1), members(world, DAYS)
    sizeable = before >= 10
    assert sizeable.sum() > 20
    assert sizeable[world.schools.compounding]
    growth = np.where(sizeable, after / np.maximum(before, 1), 0)
    assert growth.argmax() == world.schools.compounding
    assert growth[world.schools.compounding] > 1.3 * np.sort(growth)[-2]


def test_its_newcomers_come_by_invitation_and_their_invitations_bring_the_next(world: World) -> None:
    school = world.schools.compounding
    sender = world.people["sender"]
    newcomers = (world.people["school"] == school) & (world.people["cohort_day"] > world.epoch_day)
    assert (sender[newcomers] >= 0).mean() > 0.7
    generation = np.zeros(len(sender), int)
    for person in np.flatnonzero(sender >= 0):  # a sender always comes before whom it brings
        generation[person] = generation[sender[person]] + 1
    deep = np.bincount(world.people["school"][generation >= 3], minlength=len(world.schools))
    assert deep.argmax() == school


def test_its_growth_ends_where_its_room_does(world: World) -> None:
    year, half = members(made(CONFIG, 365), 365), members(world, DAYS)
    school = world.schools.compounding
    assert year[school] < 3 * world.schools.room
    assert year[school] / half[school] < np.median(year / np.maximum(half, 1)) * 1.5


def test_a_factor_of_one_plants_none(tmp_path: Path) -> None:
    write_days(EPOCH, EPOCH, replace(CONFIG, users=100, compounding_school_factor=1.0), Paths(tmp_path))
    assert json.loads((tmp_path / "truth/effects.json").read_text())["compounding_school"] is None


def test_the_truth_names_it(tmp_path: Path) -> None:
    small = replace(CONFIG, users=100)
    write_days(EPOCH, EPOCH, small, Paths(tmp_path))
    planted = json.loads((tmp_path / "truth/effects.json").read_text())["compounding_school"]
    assert planted["school_id"] == World(small).schools.compounding + 1
    assert planted["invite_factor"] == 9.0
