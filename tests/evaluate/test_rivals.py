"""The rivals, on series whose scores are known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from include.evaluate.detectors import Method, rivals

DAY = date(2026, 3, 30)


def scores_of(counts: list[int]) -> dict[str, float]:
    """What each rival says of DAY when these were the counts up to and including it."""
    days = [DAY - timedelta(days=back) for back in reversed(range(len(counts)))]
    known = pd.DataFrame({"world": "a", "day": DAY, "metric": "events", "activity_date": days, "actual": counts})
    found: list[Method] = rivals(known)
    return {method.name: method.scores["score"].iloc[0] for method in found}


def test_half_of_the_day_before_is_minus_a_half():
    assert scores_of([10, 80, 40])["day over day"] == pytest.approx(-0.5)


def test_from_zero_there_is_no_percentage():
    assert np.isnan(scores_of([10, 0, 40])["day over day"])


def test_with_the_tested_day_inside_no_score_exceeds_its_bound():
    scores = scores_of([*[100, 101] * 7, 1_000_000])
    assert scores["z-score, tested day inside"] == pytest.approx(13 / np.sqrt(14), rel=1e-4)
    assert scores["z-score, tested day outside"] > 1000


def test_the_window_has_fourteen_days():
    outside = np.array([100.0, 102.0] * 7)
    expected = (110 - outside.mean()) / outside.std(ddof=1)
    assert scores_of([900, *outside.astype(int), 110])["z-score, tested day outside"] == pytest.approx(expected)
    assert np.isnan(scores_of([100, 102, 110])["z-score, tested day outside"])


def test_without_scatter_there_is_no_score():
    assert np.isnan(scores_of([100] * 14 + [200])["z-score, tested day outside"])
