"""How unusual numbers are: worked by hand, next to statsmodels and to sums of the distributions' own formulas."""

from __future__ import annotations

from datetime import date
from math import comb, exp, factorial, gamma

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from include.analytics.trust.odds import FEWEST_OTHERS, believable, newcomer_odds, silence_odds, upper_tail

WEEK = date(2026, 3, 2)


def weeks(counts: list[int], user_type: str = "parent", week: date = WEEK, first: int = 1) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "referrer_user_id": range(first, first + len(counts)),
            "user_type": user_type,
            "cohort_week": pd.Timestamp(week),
            "newcomers": counts,
        }
    )


def test_the_tail_is_the_sum_of_the_negative_binomial_formula():
    mean, variance, count = 0.5, 1.5, 4
    size, p = mean**2 / (variance - mean), mean / variance
    below = sum(gamma(k + size) / (gamma(size) * factorial(k)) * p**size * (1 - p) ** k for k in range(count))
    (chance,) = upper_tail(pd.Series([float(count)]), pd.Series([mean]), pd.Series([variance]))
    assert chance == pytest.approx(1 - below, rel=1e-9)


def test_without_overdispersion_the_tail_is_that_of_poisson():
    below = sum(exp(-0.5) * 0.5**k / factorial(k) for k in range(3))
    (chance,) = upper_tail(pd.Series([3.0]), pd.Series([0.5]), pd.Series([0.4]))
    assert chance == pytest.approx(1 - below, rel=1e-9)


def test_the_others_of_the_week_say_what_is_usual():
    odds = newcomer_odds(weeks([1] * 30 + [12])).set_index("referrer_user_id")
    # 30 others without a second newcomer, and the one of value 1 towards which all is drawn: 1 + 1/31
    assert odds.loc[31, "expected_newcomers"] == pytest.approx(1 + 1 / 31)
    assert odds.loc[31, "chance_after_all"] < 1e-6
    assert (odds.loc[:30, "chance_after_all"] == 1).all()


def test_two_bursts_of_one_week_do_not_hide_each_other():
    odds = newcomer_odds(weeks([1] * 40 + [14, 16])).set_index("referrer_user_id")
    assert (odds.loc[[41, 42], "chance_after_all"] < 1e-6).all()


def test_a_busy_week_is_judged_by_a_busy_week():
    quiet, busy = weeks([1] * 40), weeks([5, 6, 7, 8] * 10, week=date(2026, 8, 31), first=41)
    odds = newcomer_odds(pd.concat([quiet, busy]))
    assert (odds.loc[odds["newcomers"] == 8, "chance_after_all"] > 0.05).all()


def test_with_few_others_all_weeks_of_the_type_say_what_is_usual():
    few = weeks([9, *[1] * (FEWEST_OTHERS - 1)], week=date(2026, 3, 9), first=101)
    alone = newcomer_odds(few).set_index("referrer_user_id").loc[101]
    with_type = newcomer_odds(pd.concat([few, weeks([9] * 30)])).set_index("referrer_user_id").loc[101]
    assert with_type["chance"] > alone["chance"]


def test_types_are_judged_apart():
    odds = newcomer_odds(pd.concat([weeks([1] * 30 + [6]), weeks([6] * 30, "teacher", first=101)]))
    by_user = odds.set_index("referrer_user_id")["chance_after_all"]
    assert by_user[31] < 0.05 < by_user[101]


def silence(rows: list[tuple[int, int]], user_type: str = "parent") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "referrer_user_id": range(1, len(rows) + 1),
            "user_type": user_type,
            "newcomers": [newcomers for newcomers, _ in rows],
            "silent_newcomers": [silent for _, silent in rows],
        }
    )


def test_the_chance_of_a_ring_is_binomial_with_the_share_of_the_others():
    # the others: 99 newcomers, 9 of them silent; (9 + 1) / (99 + 2)
    odds = silence_odds(silence([(4, 4), (50, 4), (49, 5)])).set_index("referrer_user_id")
    assert odds.loc[1, "usual_share"] == pytest.approx(10 / 101)
    assert odds.loc[1, "chance"] == pytest.approx((10 / 101) ** 4, rel=1e-6)
    share = (5 + 1) / (49 + 2)  # of user 2 in the second pass: without itself, and without the ring
    tail = sum(comb(50, k) * share**k * (1 - share) ** (50 - k) for k in range(4, 51))
    assert odds.loc[2, "chance"] == pytest.approx(tail, rel=1e-9)


def test_many_rings_do_not_make_silence_usual():
    odds = silence_odds(silence([(6, 6)] * 5 + [(5, 0)] * 20))
    assert (odds["chance_after_all"][:5] < 0.001).all()


def test_a_single_silent_newcomer_is_no_evidence():
    odds = silence_odds(silence([(1, 1)] * 3 + [(5, 1)] * 20))
    assert (odds["chance_after_all"] > 0.05).all()


@given(st.lists(st.floats(0, 1), max_size=40))
def test_the_correction_is_benjamini_and_hochbergs(chances: list[float]):
    ours = believable(pd.Series(chances, dtype=float))
    theirs = multipletests(chances, method="fdr_bh")[1] if chances else np.array([])
    assert ours.to_numpy() == pytest.approx(theirs)


@settings(max_examples=20)
@given(st.lists(st.integers(1, 20), max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(newcomers: list[int], random):
    table = weeks(newcomers)
    shuffled = table.sample(frac=1, random_state=random.randint(0, 1000))
    pd.testing.assert_frame_equal(newcomer_odds(shuffled), newcomer_odds(table))


def test_nobody_to_judge_gives_empty_tables():
    assert newcomer_odds(weeks([])).empty
    assert silence_odds(silence([])).empty
