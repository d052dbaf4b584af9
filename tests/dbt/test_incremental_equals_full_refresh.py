"""The property that must hold: day by day, then one reprocess of what was too late, equals one full refresh."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from include.pipeline import reprocess, run
from include.settings import Paths
from include.warehouse import connect
from tests.support.gold import assert_same_gold, gold_tables
from tests.support.worlds import World


def earliest_day_beyond_the_window(paths: Paths) -> date | None:
    with connect(paths, read_only=True) as con:
        return con.execute("select min(earliest_beyond_day) from ops.beyond_window").fetchall()[0][0]


def day_by_day_equals_full_refresh(tmp_path: Path, seed: int, days: int, beyond_window: bool) -> None:
    world = World(seed, days, beyond_window)
    daily = Paths(tmp_path / "daily")
    for number, day in enumerate(world.days):
        world.land(daily, day)
        run(day, day, daily, source="landing")
        if number % 5 == 4:  # an operator runs an old day again
            run(world.days[number // 2], world.days[number // 2], daily, source="landing")
    if beyond_window:
        too_late = earliest_day_beyond_the_window(daily)
        assert too_late is not None
        reprocess(too_late, world.days[-1], daily)

    fresh = Paths(tmp_path / "fresh")
    shutil.copytree(daily.landing, fresh.landing)
    run(world.days[0], world.days[-1], fresh, source="landing", full_refresh=True)

    assert_same_gold(daily.warehouse, fresh.warehouse)
    assert all(gold_tables(fresh.warehouse).values()), "a table without rows would prove nothing"


@pytest.mark.slow
def test_days_one_by_one_equal_one_full_refresh_without_any_reprocess(tmp_path: Path):
    # nothing masks a fact that was not rebuilt: corrected users and redelivered rows reach back behind the window
    day_by_day_equals_full_refresh(tmp_path, seed=1, days=13, beyond_window=False)


@pytest.mark.extended
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("beyond_window", [False, True])
def test_thirty_hard_days_one_by_one_equal_one_full_refresh(tmp_path: Path, seed: int, beyond_window: bool):
    day_by_day_equals_full_refresh(tmp_path, seed=seed, days=30, beyond_window=beyond_window)
