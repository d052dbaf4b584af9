"""The page that says how good the reward forecast is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from include.evaluate.forecast import evaluate, report
from include.settings import Paths


def forecasts(model: str, miss: float) -> list[dict]:
    """Two origins; the interval of each forecast is 20 wide, its middle ``miss`` away from what came."""
    return [
        {
            "world": "seed-1", "origin_date": date(2025, month, 6), "model": model, "measure": "awards_usd",
            "horizon_days": 30, "expected": 100 + miss, "lower_80": 90 + miss, "upper_80": 110 + miss,
            "lower_95": 85 + miss, "upper_95": 115 + miss, "actual": 100.0,
        }
        for month in (1, 2)
    ]  # fmt: skip


def test_the_page_says_whether_the_model_meets_its_bar():
    good = report(pd.DataFrame(forecasts("pipeline", 0) + forecasts("last_days", 30)), 20, 100)
    assert "- 30 days: 0.250 against 4.250 of last_days; meets the bar." in good
    assert "- 60 days: no outcome has settled." in good
    bad = report(pd.DataFrame(forecasts("pipeline", 30) + forecasts("last_days", 0)), 20, 100)
    assert "- 30 days: 4.250 against 0.250 of last_days; MISSES the bar: the rival is published." in bad
    assert "| 30 | pipeline | 2 | 4.250 | 30.0% | +30.0% | 0/2 (0% to 66%) | 0/2 (0% to 66%) |" in bad


@pytest.mark.extended
@pytest.mark.timeout(1800)
def test_a_small_world_is_evaluated_from_end_to_end(tmp_path: Path):
    text = evaluate(Paths(tmp_path), seeds=(1,), users=300, days=140, most=2)
    assert "| 30 | auto_ets |" in text
    assert (tmp_path / "evaluate" / "forecast.csv").exists()
