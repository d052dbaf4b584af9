"""A month of corrections, late rows and repairs, built day by day; a file of its own, so that a worker has it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.day_by_day import Build, carried_over, day_by_day_equals_full_refresh, whole

pytestmark = [pytest.mark.slow, pytest.mark.extended, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("beyond_window", [False, True])
@pytest.mark.parametrize(("seed", "build"), [(2, whole), (3, carried_over), (4, carried_over)])
def test_thirty_hard_days_one_by_one_equal_one_full_refresh(
    tmp_path: Path, seed: int, build: Build, beyond_window: bool
):
    # every day's tests and snapshot once; what one day leaves to the next, for every seed
    day_by_day_equals_full_refresh(tmp_path, seed, 30, beyond_window, build)
