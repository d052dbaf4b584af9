"""The property that must hold: day by day, then one reprocess of what was too late, equals one full refresh."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from include.pipeline import reprocess
from include.settings import Paths
from tests.support.builds import assert_built_incrementally
from tests.support.day_by_day import (
    carried_over,
    day_by_day_equals_full_refresh,
    earliest_day_beyond_the_window,
    full_refresh_of,
    live_through,
)
from tests.support.gold import assert_same_gold
from tests.support.worlds import World


@pytest.mark.slow
@pytest.mark.extended  # test_few_builds_equal_full_refresh is the one for every change: mutations show what it notices
def test_days_one_by_one_equal_one_full_refresh_without_any_reprocess(tmp_path: Path):
    # nothing masks a fact that was not rebuilt: corrected users and redelivered rows reach back behind the window
    day_by_day_equals_full_refresh(tmp_path, seed=1, days=13, beyond_window=False, build=carried_over)


@pytest.mark.extended
@pytest.mark.timeout(3600)
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    seed=st.integers(100, 9999),
    days=st.integers(2, 10),
    reruns=st.dictionaries(st.integers(0, 9), st.integers(0, 9), max_size=2),
)
def test_any_small_world_with_any_reruns_equals_its_full_refresh(seed: int, days: int, reruns: dict[int, int]):
    # not shrunk: an example takes a minute, and the seed says all
    world = World(seed, days)
    with tempfile.TemporaryDirectory() as folder:
        daily = Paths(Path(folder) / "daily")
        live_through(world, daily, {number: again for number, again in reruns.items() if again <= number})
        assert_built_incrementally(daily)
        too_late = earliest_day_beyond_the_window(daily)
        if too_late is not None:
            reprocess(too_late, world.days[-1], daily)
        fresh = full_refresh_of(daily, world, Path(folder) / "fresh")
        assert_same_gold(daily.warehouse, fresh.warehouse)
