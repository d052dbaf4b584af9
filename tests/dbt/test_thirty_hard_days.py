"""A month of corrections, late rows and repairs, built day by day; a file of its own, so that a worker has it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.day_by_day import Build, carried_over, day_by_day_equals_full_refresh, whole

pytestmark = [pytest.mark.slow, pytest.mark.extended, pytest.mark.timeout(3600)]


# one month of whole daily runs, two of what a build leaves for the next one: the rest is made anew by every build,
# cannot remember the days before, and is compared after the last day, which is a whole run
@pytest.mark.parametrize(("seed", "build"), [(2, whole), (3, carried_over), (4, carried_over)])
@pytest.mark.parametrize("beyond_window", [False, True])
def test_thirty_hard_days_one_by_one_equal_one_full_refresh(
    tmp_path: Path, seed: int, build: Build, beyond_window: bool
):
    day_by_day_equals_full_refresh(tmp_path, seed=seed, days=30, beyond_window=beyond_window, build=build)
