"""K of schools: the posterior against a numerical integral, and the rank of a school that one sender made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import gamma, poisson

from include.analytics.network.schools import design_effect, prior_of, shrunken


def schools(*rows: tuple[int, int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["school_id", "mature_users", "offspring", "offspring_squared"])


#: Two schools that differ, and one that few people tell about. Each user with offspring has one.
THREE = schools((1, 100, 60, 60), (2, 100, 10, 10), (3, 5, 3, 3))


def test_the_prior_by_hand():
    prior = prior_of(np.array([60.0, 10.0]), np.array([100.0, 100.0]))
    assert prior.mean == pytest.approx(0.35)
    # the schools lie 0.25 from the mean; a Poisson count of 100 users scatters by 0.35 / 100
    assert prior.variance == pytest.approx(0.0625 - 0.0035)


def test_schools_that_differ_by_less_than_chance_have_no_prior_variance_and_no_rank():
    alike = shrunken(schools((1, 100, 30, 30), (2, 100, 31, 31)))
    assert alike["school_rank"].isna().all()
    assert alike["probability_above_programme"].isna().all()
    assert alike["k_shrunk"].tolist() == [0.305, 0.305]


def test_the_posterior_is_the_integral_of_prior_and_likelihood():
    found = shrunken(THREE).set_index("school_id")
    prior = prior_of(np.array([60.0, 10.0, 3.0]), np.array([100.0, 100.0, 5.0]))
    shape, rate = prior.mean**2 / prior.variance, prior.mean / prior.variance
    programme = 73 / 205

    def density(k: float) -> float:
        return gamma.pdf(k, shape, scale=1 / rate) * poisson.pmf(3, 5 * k)

    whole = quad(density, 0, 20)[0]
    assert found.loc[3, "k_shrunk"] == pytest.approx(quad(lambda k: k * density(k), 0, 20)[0] / whole, rel=1e-6)
    assert found.loc[3, "probability_above_programme"] == pytest.approx(
        quad(density, programme, 20)[0] / whole, rel=1e-5
    )
    low, high = found.loc[3, ["k_shrunk_low", "k_shrunk_high"]]
    assert quad(density, low, high)[0] / whole == pytest.approx(0.95, abs=1e-5)


def test_few_members_are_drawn_further_in_and_are_not_ranked():
    found = shrunken(THREE).set_index("school_id")
    mean = 73 / 205
    assert abs(found.loc[3, "k_shrunk"] - mean) < abs(0.6 - mean)
    assert abs(found.loc[1, "k_shrunk"] - mean) > abs(found.loc[3, "k_shrunk"] - mean)  # both have a K of 0.6
    assert found["school_rank"].tolist() == [1, 2, pd.NA]


def test_a_school_that_one_sender_made_comes_after_one_that_many_made():
    found = shrunken(schools((1, 30, 16, 226), (2, 140, 40, 60), (3, 200, 10, 10), (4, 200, 12, 12))).set_index(
        "school_id"
    )  # of school 1 one user brought 15
    assert found.loc[2, "school_rank"] == 1
    assert found.loc[1, "k_shrunk"] < 16 / 30


def test_the_design_effect_is_the_variance_over_that_of_a_poisson_count():
    offspring = np.array([15, 1, *[0] * 28])
    expected = offspring.var(ddof=1) / offspring.mean()
    assert design_effect(16, 226, 30) == pytest.approx(expected)
    assert design_effect(3, 3, 30) == 1  # never below
    assert design_effect(0, 0, 30) == 1


def test_users_without_a_school_are_in_the_programme_but_neither_in_the_prior_nor_ranked():
    found = shrunken(pd.concat([THREE, schools((-1, 1000, 0, 0), (9, 0, 0, 0))])).set_index("school_id")
    assert found.loc[-1, "programme_k"] == pytest.approx(73 / 1205)
    assert pd.isna(found.loc[-1, "school_rank"])
    assert found.loc[1, "k_shrunk"] == shrunken(THREE)["k_shrunk"][0]
    assert 9 not in found.index


def test_no_mature_user_gives_no_row():
    assert shrunken(schools((1, 0, 0, 0))).empty
    assert shrunken(schools((-1, 30, 3, 3))).empty


def test_the_order_of_rows_changes_nothing():
    pd.testing.assert_frame_equal(shrunken(THREE), shrunken(THREE.iloc[::-1]))
