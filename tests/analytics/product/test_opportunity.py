"""What a point more at a step is worth: by hand, and against a regression with clustered errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from include.analytics.product.opportunity import COLUMNS, LEAST_USERS, opportunities, ratio


def volume(units: int, passed: int, base_days: int = 90) -> pd.DataFrame:
    columns = ["step_number", "step", "base_days", "units", "passed_units"]
    return pd.DataFrame([[1, "scan_submitted", base_days, units, passed]], columns=columns)


def values(passed: int, stayed: int, scans: int = 3) -> pd.DataFrame:
    rows = [(user, True, 1, scans, 0.5) for user in range(passed)] + [
        (user, False, 1, 1, 0.1) for user in range(stayed)
    ]
    columns = ["user_id", "is_passed", "units", "scans", "raised_usd"]
    return pd.DataFrame(rows, columns=columns).assign(step="scan_submitted")


def test_a_point_of_those_who_come_times_what_passing_brings_more():
    (row,) = opportunities(values(20, 20), volume(1000, 800)).to_dict("records")
    assert row["extra_units"] == 10
    assert (row["extra_scans"], row["extra_scans_low"], row["extra_scans_high"]) == (20, 20, 20)  # 3 scans against 1
    assert row["extra_raised_usd"] == pytest.approx(4)


def test_fewer_days_on_record_are_scaled_to_ninety():
    (row,) = opportunities(values(20, 20), volume(1000, 800, base_days=45)).to_dict("records")
    assert row["extra_units"] == 20


def test_with_too_few_people_on_one_side_there_is_no_estimate():
    (row,) = opportunities(values(20, LEAST_USERS - 1), volume(1000, 800)).to_dict("records")
    assert np.isnan([row["extra_scans"], row["extra_scans_low"], row["extra_raised_usd"]]).all()
    assert row["extra_units"] == 10


def test_without_steps_the_table_is_empty_and_has_its_columns():
    empty = opportunities(values(0, 0), volume(0, 0).iloc[:0])
    assert list(empty.columns) == COLUMNS
    assert empty.empty


def test_the_order_of_rows_changes_nothing():
    shuffled = values(30, 25).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        opportunities(values(30, 25), volume(99, 9)), opportunities(shuffled, volume(99, 9)), check_exact=True
    )


def test_the_variance_of_a_ratio_is_that_of_a_mean_with_errors_clustered_by_user():
    rng = np.random.default_rng(5)
    units = rng.integers(1, 9, 40)
    of_unit = np.repeat(rng.normal(2, 1, 40), units) + rng.normal(0, 1, units.sum())
    user = np.repeat(np.arange(40), units)
    fitted = sm.OLS(of_unit, np.ones(len(user))).fit(cov_type="cluster", cov_kwds={"groups": user})
    ours = ratio(np.bincount(user, of_unit), units.astype(float))
    assert ours.value == pytest.approx(fitted.params[0])
    assert ours.variance == pytest.approx(fitted.bse[0] ** 2)
