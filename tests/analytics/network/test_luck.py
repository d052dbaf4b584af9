"""Concentration against luck: hand-worked cases, statsmodels, scipy, and simulated users."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, poisson
from statsmodels.discrete.discrete_model import NegativeBinomial

from include.analytics.network.luck import (
    dispersion,
    gini,
    lucky_histograms,
    poisson_histogram,
    top_share,
    unlikely,
)
from include.analytics.network.spread import lorenz_curves, offspring_counts, spread


def histogram(offspring: np.ndarray) -> np.ndarray:
    return np.bincount(offspring)


@pytest.fixture(scope="module")
def uneven() -> np.ndarray:
    return np.random.default_rng(5).negative_binomial(0.3, 0.3 / (0.3 + 0.5), size=3000)


def table(offspring: np.ndarray, window: int = 60) -> pd.DataFrame:
    users = histogram(offspring)
    occurs = np.flatnonzero(users)
    return pd.DataFrame({"window_days": window, "offspring": occurs, "users": users[occurs]})


def test_shares_by_hand():
    ten = np.array([6, 2, 2, 0, 0, 0, 0, 0, 0, 0])
    assert top_share(histogram(ten), 0.1) == pytest.approx(0.6)
    assert top_share(histogram(ten), 0.2) == pytest.approx(0.8)
    assert top_share(histogram(ten), 0.25) == pytest.approx(0.9)  # half of the other user with two
    assert top_share(histogram(ten), 0.05) == pytest.approx(0.3)


def test_gini_is_the_mean_difference_of_all_pairs(uneven: np.ndarray):
    some = uneven[:400]
    pairs = np.abs(some[:, None] - some[None, :]).mean()
    assert gini(histogram(some)) == pytest.approx(pairs / (2 * some.mean()))
    assert gini(histogram(np.array([0, 0, 0, 1]))) == pytest.approx(0.75)  # zeros count
    assert gini(histogram(np.array([2, 2, 2]))) == pytest.approx(0)


def test_luck_alone_gives_the_top_fifth_four_fifths_at_a_mean_of_three_tenths():
    # a figure from outside: product_reference, section 7.2
    assert top_share(poisson_histogram(1.0, 0.3), 0.2) == pytest.approx(0.81, abs=0.01)
    assert gini(poisson_histogram(1.0, 0.3)) == pytest.approx(0.77, abs=0.01)


def test_simulated_luck_is_luck():
    worlds = lucky_histograms(2000, 0.3)
    assert (worlds.sum(axis=1) == 2000).all()
    means = (worlds * np.arange(worlds.shape[1])).sum(axis=1) / 2000
    assert means.mean() == pytest.approx(0.3, rel=0.01)
    assert means.var() == pytest.approx(0.3 / 2000, rel=0.15)


def test_dispersion_is_that_of_statsmodels(uneven: np.ndarray):
    found = dispersion(histogram(uneven))
    fitted = NegativeBinomial(uneven, np.ones((len(uneven), 1))).fit(disp=0)
    assert found is not None
    assert found.k == pytest.approx(1 / fitted.params[1], rel=1e-3)
    low, high = (1 / fitted.conf_int()[1])[::-1]  # Wald on 1 / k, near ours with so many users
    assert found.low == pytest.approx(low, rel=0.05)
    assert found.high == pytest.approx(high, rel=0.05)
    assert found.low < 0.3 < found.high


def test_the_interval_of_k_is_where_the_likelihood_has_fallen_by_1_92(uneven: np.ndarray):
    from scipy.stats import nbinom

    found = dispersion(histogram(uneven))
    assert found is not None
    mean = uneven.mean()
    best, low, high = (nbinom.logpmf(uneven, k, k / (k + mean)).sum() for k in found)
    assert best - low == pytest.approx(1.9207, abs=1e-3)
    assert best - high == pytest.approx(1.9207, abs=1e-3)


def test_counts_as_even_as_luck_have_no_upper_end_for_k():
    even = np.random.default_rng(2).binomial(3, 0.2, size=2000)
    found = dispersion(histogram(even))
    assert found is not None
    assert math.isinf(found.k)
    assert math.isinf(found.high)
    assert found.low > 1


def test_unlikely_counts_are_scipys_over_all_users(uneven: np.ndarray):
    chances, adjusted = unlikely(histogram(uneven))
    of_users = poisson.sf(uneven - 1, uneven.mean())
    assert chances[uneven] == pytest.approx(of_users)
    assert adjusted[uneven] == pytest.approx(false_discovery_control(of_users))


def test_among_merely_lucky_users_hardly_a_world_lists_anybody():
    worlds = np.random.default_rng(4).poisson(0.2, size=(300, 500))
    listed = [np.nanmin(unlikely(histogram(world))[1]) <= 0.05 for world in worlds]
    assert np.mean(listed) <= 0.08


def test_tables_for_every_window_and_none_for_one_without_offspring(uneven: np.ndarray):
    both = pd.concat([table(uneven), table(np.zeros(30, dtype=int), window=90)])
    found = spread(both)
    assert set(found["window_days"]) == {60}
    assert found["measure"].tolist() == ["top_1_share", "top_10_share", "top_20_share", "gini", "dispersion_k"]
    shares = found[found["measure"] != "dispersion_k"]
    assert (shares["value"] > shares["by_luck_high"]).all()
    assert ((shares["by_luck_low"] <= shares["by_luck"]) & (shares["by_luck"] <= shares["by_luck_high"])).all()
    counts = offspring_counts(both)
    assert counts.groupby("window_days")["users"].sum().to_dict() == {60: 3000, 90: 30}
    fitted = counts[counts["window_days"] == 60]
    assert fitted["users_fitted"].sum() == pytest.approx(3000, rel=0.001)
    assert lorenz_curves(both)["offspring_share"].iloc[[0, 100]].tolist() == [0, 1]


def test_a_lorenz_curve_rises_and_bends_down(uneven: np.ndarray):
    curve = lorenz_curves(table(uneven))["offspring_share"].to_numpy()
    assert (np.diff(curve) >= 0).all()
    assert (np.diff(curve, 2) <= 2e-6).all()  # rounded to six places


def test_the_same_counts_give_the_same_tables(uneven: np.ndarray):
    pd.testing.assert_frame_equal(spread(table(uneven)), spread(table(uneven).iloc[::-1]))


def test_no_users_give_no_rows():
    nobody = table(np.array([], dtype=int))
    assert spread(nobody).empty
    assert offspring_counts(nobody).empty
    assert lorenz_curves(nobody).empty
