"""Days built one by one, as operators see them come, held to one build of the same landing files from nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from include.pipeline import reprocess, run
from include.settings import Paths
from include.warehouse import connect
from tests.support.builds import CARRIED_OVER, EVERY_MODEL, assert_built_incrementally, build_models
from tests.support.gold import assert_same_gold, gold_tables
from tests.support.worlds import World

#: Tables that need more history than these worlds have; tests/analytics holds that row order does not change them.
WANT_MONTHS = {
    "fct_forecast_backtest", "fct_forecast_score",
    "fct_k_change", "fct_network_position", "fct_next_generation", "fct_super_spreader",
    "fct_offspring_count", "fct_offspring_lorenz", "fct_offspring_spread",
}  # fmt: skip


def earliest_day_beyond_the_window(paths: Paths) -> date | None:
    """From where a reprocess is due; None when nothing landed too late for the daily window."""
    with connect(paths, read_only=True) as con:
        return con.execute("select min(earliest_beyond_day) from ops.beyond_window").fetchall()[0][0]


Build = Callable[[date, Paths], object]


def whole(day: date, paths: Paths) -> None:
    """The daily run: every model and test, and a snapshot."""
    run(day, day, paths, source="landing")


def carried_over(day: date, paths: Paths) -> None:
    """Of the day's build what the next one finds: the rest is made anew every day, and seen on the last."""
    build_models(day, day, paths, CARRIED_OVER)


def live_through(world: World, daily: Paths, reruns: Mapping[int, int], build: Build = whole) -> None:
    """Build the world's days one by one; after day number n an operator builds day number ``reruns[n]`` again."""
    for number, day in enumerate(world.days):
        world.land(daily, day)
        build(day, daily)
        if number in reruns:
            build(world.days[reruns[number]], daily)


def full_refresh_of(daily: Paths, world: World, root: Path) -> Paths:
    """The same landing files, built once from nothing."""
    fresh = Paths(root)
    shutil.copytree(daily.landing, fresh.landing)
    build_models(world.days[0], world.days[-1], fresh, EVERY_MODEL)
    return fresh


def day_by_day_equals_full_refresh(
    tmp_path: Path, seed: int, days: int, beyond_window: bool, build: Build = whole
) -> None:
    """Assert that days one by one, and one reprocess of what came too late, leave the gold of one full refresh.

    Every fifth day an earlier one is built again. ``build`` is what each day is built with; the last is a whole one.
    """
    world, daily = World(seed, days, beyond_window), Paths(tmp_path / "daily")
    live_through(world, daily, {number: number // 2 for number in range(4, days, 5)}, build)
    if build is not whole:
        whole(world.days[-1], daily)
    assert_built_incrementally(daily)
    if beyond_window:
        too_late = earliest_day_beyond_the_window(daily)
        assert too_late is not None
        reprocess(too_late, world.days[-1], daily)
    fresh = full_refresh_of(daily, world, tmp_path / "fresh")
    assert_same_gold(daily.warehouse, fresh.warehouse)
    empty = {name for name, rows in gold_tables(fresh.warehouse).items() if not rows}
    assert empty <= WANT_MONTHS, "a table without rows would prove nothing"
