"""Where virality breaks: Welch's test between generations, for several of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from include.analytics.network.generations import falls


def sums(*generations: np.ndarray, window: int = 60) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"window_days": window, "generation": number, "mature_users": len(counts), "offspring": counts.sum(),
             "offspring_squared": (counts**2).sum()}
            for number, counts in enumerate(generations)
        ]
    )  # fmt: skip


def counts(users: int, *offspring: int) -> np.ndarray:
    return np.array([*offspring, *[0] * (users - len(offspring))])


def test_the_p_value_is_that_of_statsmodels_times_the_number_of_generations():
    first, second, third = counts(60, *[2] * 20, *[5] * 5), counts(50, *[3] * 8), counts(30, *[3] * 5)
    found = falls(sums(first, second, third))
    pairs = [(first, second), (second, third)]
    compared = [CompareMeans(DescrStatsW(a), DescrStatsW(b)) for a, b in pairs]
    expected = [min(1, 2 * each.ztest_ind("larger", usevar="unequal")[1]) for each in compared]
    assert found["fall_p_value"].tolist() == pytest.approx(expected, abs=1e-8)


def test_the_first_of_two_falls_is_marked():
    found = falls(sums(counts(200, *[2] * 150), counts(200, *[2] * 80), counts(200, *[2] * 20)))
    assert found["is_first_fall"].tolist() == [True, False]


def test_the_order_of_rows_changes_nothing():
    three = sums(counts(200, *[2] * 150), counts(200, *[2] * 80), counts(200, *[2] * 20))
    pd.testing.assert_frame_equal(falls(three), falls(three.iloc[::-1]))


def test_growth_is_no_fall_and_few_users_are_not_tested():
    found = falls(sums(counts(100, *[2] * 10), counts(100, *[2] * 30), counts(19)))
    assert found["generation"].tolist() == [1]
    assert not found["is_first_fall"].any()


def test_generations_without_any_offspring_do_not_fall():
    assert falls(sums(counts(30), counts(30)))["fall_p_value"].tolist() == [1.0]


def test_without_a_generation_there_is_no_row():
    assert falls(sums(counts(5))).empty
