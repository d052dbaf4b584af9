"""The incremental property on few builds, fast enough to be run for every mutation of how builds follow each other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from include.pipeline import run
from include.settings import Paths
from tests.support.gold import assert_same_gold
from tests.support.worlds import World


@pytest.mark.slow
def test_eleven_days_at_once_and_three_one_by_one_equal_one_full_refresh(tmp_path: Path):
    world = World(seed=5, days=14, beyond_window=False)
    daily = Paths(tmp_path / "daily")
    for day in world.days[:11]:
        world.land(daily, day)
    run(world.days[0], world.days[10], daily, source="landing")
    for day in world.days[11:]:
        world.land(daily, day)
        run(day, day, daily, source="landing")

    fresh = Paths(tmp_path / "fresh")
    shutil.copytree(daily.landing, fresh.landing)
    run(world.days[0], world.days[-1], fresh, source="landing", full_refresh=True)

    assert_same_gold(daily.warehouse, fresh.warehouse)
