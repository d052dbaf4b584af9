"""The interval of K in SQL and its variance in Python: hand-worked, against a bootstrap of users, and by coverage."""

from __future__ import annotations

import duckdb
import jinja2
import numpy as np
import pytest

from include.analytics.network.counts import mean_variance
from include.build import DBT_PROJECT

METRICS = DBT_PROJECT / "macros" / "metrics"
MACROS = ("mean_count_variance", "mean_count_low", "mean_count_high")


def by_macro(macro: str, sums: np.ndarray) -> np.ndarray:
    """The macro's value for each row of ``sums``: total, total of squares, units."""
    text = "".join((METRICS / f"{name}.sql").read_text("utf-8") for name in MACROS)
    sql = getattr(jinja2.Environment().from_string(text).module, macro)("y", "q", "n")
    rows = ", ".join(f"({number}, {y}, {q}, {n})" for number, (y, q, n) in enumerate(sums.tolist()))
    found = duckdb.execute(f"select {sql} from (values {rows}) as t(number, y, q, n) order by number").fetchall()
    return np.array([value for (value,) in found], dtype=float)


def sums_of(counts: np.ndarray) -> tuple[int, int, int]:
    return int(counts.sum()), int((counts**2).sum()), len(counts)


@pytest.fixture(scope="module")
def offspring() -> np.ndarray:
    """Users of whom most bring nobody and a few bring many."""
    return np.random.default_rng(7).negative_binomial(0.2, 0.2 / (0.2 + 0.3), size=800)


def test_sql_and_python_say_the_same_variance(offspring: np.ndarray):
    cases = [sums_of(offspring), (3, 3, 10), (1, 1, 1), (0, 0, 5), (14, 214, 28)]
    expected = [mean_variance(*case) for case in cases]
    assert by_macro("mean_count_variance", np.array(cases)) == pytest.approx(expected)


def test_the_variance_is_that_of_a_bootstrap_of_users(offspring: np.ndarray):
    rng = np.random.default_rng(1)
    means = rng.choice(offspring, size=(4000, len(offspring))).mean(axis=1)
    assert mean_variance(*sums_of(offspring)) == pytest.approx(means.var(), rel=0.08)
    # counting every offspring as a witness of its own would be far too sure
    assert means.var() > 1.8 * offspring.mean() / len(offspring)


def test_the_interval_is_near_the_bootstraps(offspring: np.ndarray):
    rng = np.random.default_rng(1)
    low, high = np.quantile(rng.choice(offspring, size=(4000, len(offspring))).mean(axis=1), [0.025, 0.975])
    sums = np.array([sums_of(offspring)])
    assert by_macro("mean_count_low", sums)[0] == pytest.approx(low, rel=0.08)
    assert by_macro("mean_count_high", sums)[0] == pytest.approx(high, rel=0.08)


def test_the_interval_covers_the_truth_nineteen_times_in_twenty():
    worlds = np.random.default_rng(3).negative_binomial(0.2, 0.2 / (0.2 + 0.3), size=(2000, 500))
    sums = np.array([sums_of(world) for world in worlds])
    covered = (by_macro("mean_count_low", sums) <= 0.3) & (by_macro("mean_count_high", sums) >= 0.3)
    assert 0.92 <= covered.mean() <= 0.97


def test_no_offspring_has_the_exact_poisson_limit_and_no_users_no_interval():
    assert by_macro("mean_count_high", np.array([(0, 0, 40)]))[0] == pytest.approx(-np.log(0.025) / 40)
    assert by_macro("mean_count_low", np.array([(0, 0, 40)]))[0] == 0
    assert np.isnan(by_macro("mean_count_high", np.array([(0, 0, 0)])))[0]
