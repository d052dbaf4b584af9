"""The months of test_thirty_hard_days with rows that land after the window, and the reprocess that brings them in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.day_by_day import day_by_day_equals_full_refresh

pytestmark = [pytest.mark.slow, pytest.mark.extended, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_thirty_hard_days_and_a_reprocess_equal_one_full_refresh(tmp_path: Path, seed: int):
    day_by_day_equals_full_refresh(tmp_path, seed=seed, days=30, beyond_window=True)
