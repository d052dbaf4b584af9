"""The incremental property on few builds, fast enough to be run for every mutation of how builds follow each other."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from include.pipeline import run
from include.settings import Paths
from tests.support.builds import CARRIED_OVER, EVERY_MODEL, assert_built_incrementally, build_models
from tests.support.gold import assert_same_gold
from tests.support.worlds import World


def take_rows_away(paths: Paths, day: date) -> None:
    """Deliver the day's files again with every other row missing: ids vanish, and older versions come back."""
    for table in ("users", "referrals", "events", "purchases"):
        for file in (paths.landing / table / f"ds={day}").glob("*.csv"):
            header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
            file.write_text("".join([header, *rows[::2]]), encoding="utf-8")


@pytest.mark.slow
def test_eleven_days_at_once_and_three_one_by_one_equal_one_full_refresh(tmp_path: Path):
    world = World(seed=5, days=14, beyond_window=False)
    daily = Paths(tmp_path / "daily")
    for day in world.days[:11]:
        world.land(daily, day)
    build_models(world.days[0], world.days[10], daily, CARRIED_OVER)
    for day in world.days[11:]:
        world.land(daily, day)
        take_rows_away(daily, world.days[world.days.index(day) - 5])
        build_models(day, day, daily, CARRIED_OVER)
    run(day, day, daily, source="landing")
    assert_built_incrementally(daily)

    fresh = Paths(tmp_path / "fresh")
    shutil.copytree(daily.landing, fresh.landing)
    build_models(world.days[0], world.days[-1], fresh, EVERY_MODEL)

    assert_same_gold(daily.warehouse, fresh.warehouse)
