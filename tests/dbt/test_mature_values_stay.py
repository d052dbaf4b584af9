"""What is shown as mature has happened: 30 later days change none of it."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from tests.dbt.conftest import GrownWorld

pytestmark = pytest.mark.extended  # two whole builds

#: Table and key. The rows compared are those with is_mature; every column counts. Other rooms add theirs.
TABLES = {
    "fct_active_users_day": ["as_of_date", "user_type"],
    "fct_growth_period": ["variant", "window_days", "period_end"],
    "fct_raised_drivers": ["window_days", "period_end"],
    "fct_activation_cohort": ["cohort_week", "platform"],
    "fct_retention_week": ["cohort_week", "platform", "week_number"],
    "fct_onboarding_step": ["cohort_week", "platform", "app_version", "marketing_channel", "user_type", "step"],
    "fct_scan_funnel_week": ["week_start", "platform", "app_version"],
    "fct_referral_funnel_week": ["cohort_week", "channel", "referrer_user_type"],
    "fct_referral_conversion": ["cohort_week", "channel"],
    "fct_acquisition_cost": ["cohort_month", "acquired_via", "channel"],
}


@pytest.mark.parametrize(("table", "key"), TABLES.items())
def test_thirty_later_days_change_no_mature_row(grown_world: GrownWorld, table: str, key: list[str]):
    before = grown_world.before[table].query("is_mature").set_index(key).sort_index()
    with duckdb.connect(str(grown_world.warehouse), read_only=True) as con:
        after = con.execute(f"select * from gold.{table}").df().set_index(key).sort_index()
    assert len(before) > 0
    assert after["is_mature"].sum() > len(before), (
        "30 days must make more rows mature, or the test compares nothing new"
    )
    pd.testing.assert_frame_equal(after.loc[before.index], before, check_exact=True)


def test_thirty_later_days_leave_past_forecasts_and_what_came_as_they_were(grown_world: GrownWorld):
    key = ["origin_date", "model", "measure", "horizon_days"]
    before = grown_world.before["fct_forecast_backtest"].set_index(key).sort_index()
    with duckdb.connect(str(grown_world.warehouse), read_only=True) as con:
        after = con.execute("select * from gold.fct_forecast_backtest").df().set_index(key).sort_index()
    assert len(after) > len(before) > 0
    pd.testing.assert_frame_equal(after.loc[before.index], before, check_exact=True)
