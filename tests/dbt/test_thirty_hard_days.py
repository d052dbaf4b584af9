"""A month of corrections, late rows and repairs, built day by day; a file of its own, so that a worker has it alone.

What comes beyond the window has another file, which the other worker takes: each file is three long months.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.day_by_day import day_by_day_equals_full_refresh

pytestmark = [pytest.mark.slow, pytest.mark.extended, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_thirty_hard_days_one_by_one_equal_one_full_refresh(tmp_path: Path, seed: int):
    day_by_day_equals_full_refresh(tmp_path, seed=seed, days=30, beyond_window=False)
