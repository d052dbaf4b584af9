"""Tables of growth and product, counted again in pandas and by lifelines."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from tests.dbt.conftest import GrownWorld

pytestmark = pytest.mark.extended  # shares the world of test_mature_values_stay

LATE = pd.Timedelta(days=7)
ACTIONS = {"scan": "first_scan_at", "school_link": "school_linked_at", "either": "first_qualifying_at"}


@pytest.fixture
def con(grown_world: GrownWorld):
    with duckdb.connect(str(grown_world.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture
def as_of(con: duckdb.DuckDBPyConnection) -> pd.Timestamp:
    return pd.Timestamp(con.execute("select as_of from silver.int_as_of").fetchall()[0][0])


@pytest.mark.parametrize(("action", "column"), ACTIONS.items())
@pytest.mark.parametrize("user_type", ["all", "parent"])
def test_the_curve_of_first_actions_is_that_of_lifelines(
    con: duckdb.DuckDBPyConnection, as_of: pd.Timestamp, action: str, column: str, user_type: str
):
    users = con.execute("select * from gold.dim_user").df()
    first_day = con.execute("select min(activity_date) from gold.fct_user_day").df().iloc[0, 0]
    users = users[(users["signup_date"] >= first_day) & (users["user_type"].eq(user_type) | (user_type == "all"))]
    day = pd.Timedelta(days=1)
    whole_days = (as_of - LATE - users["created_at"]) // day
    action_day = (users[column] - users["created_at"]).clip(lower=pd.Timedelta(0)) // day
    observed = whole_days >= 1
    acted = (action_day < whole_days)[observed]
    durations = (action_day + 1).where(acted, whole_days)[observed]
    fitted = KaplanMeierFitter().fit(durations, acted)
    ours = con.execute(
        "select day, incidence, incidence_low, incidence_high from gold.fct_first_action_curve"
        " where action = ? and user_type = ? order by day",
        [action, user_type],
    ).df()
    assert len(ours) == 61
    expected = 1 - fitted.survival_function_at_times(ours["day"] + 1).to_numpy()
    assert ours["incidence"].to_numpy() == pytest.approx(expected, abs=1e-6)
    bounds = (1 - fitted.confidence_interval_).reindex(range(62), method="ffill").loc[1:61].to_numpy()
    assert ours["incidence_low"].to_numpy() == pytest.approx(bounds[:, 1], abs=1e-6)
    assert ours["incidence_high"].to_numpy() == pytest.approx(bounds[:, 0], abs=1e-6)


def test_active_people_are_counted_as_distinct_users_of_the_days_before(con: duckdb.DuckDBPyConnection):
    days = con.execute("select user_id, activity_date, is_active, is_contributing from gold.fct_user_day").df()
    table = con.execute("select * from gold.fct_active_users_day where user_type = 'all' order by 1").df()
    columns = {
        "daily_active_users": ("is_active", 1), "weekly_active_users": ("is_active", 7),
        "monthly_active_users": ("is_active", 28), "active_supporters_7d": ("is_contributing", 7),
        "active_supporters_28d": ("is_contributing", 28),
    }  # fmt: skip
    for row in table.iloc[::5].to_dict("records"):
        for column, (flag, window) in columns.items():
            start = row["as_of_date"] - pd.Timedelta(days=window)
            inside = days[(days["activity_date"] >= start) & (days["activity_date"] < row["as_of_date"]) & days[flag]]
            assert row[column] == inside["user_id"].nunique(), (column, row["as_of_date"])


def test_retention_is_counted_as_the_specification_says(con: duckdb.DuckDBPyConnection, as_of: pd.Timestamp):
    users = con.execute("select user_id, created_at, signup_date, cohort_week from gold.dim_user").df()
    days = con.execute("select user_id, activity_date, is_active, is_contributing from gold.fct_user_day").df()
    days = days.merge(users, on="user_id")
    days["since"] = (days["activity_date"] - days["signup_date"]).dt.days
    table = con.execute("select * from gold.fct_retention_week where platform = 'all'").df()
    assert len(table[table["mature_users"] > 0]) > 100
    for row in table.to_dict("records"):
        n = row["week_number"]
        first = 1 if n == 0 else 7 * n
        mature = users[
            (users["cohort_week"] == row["cohort_week"])
            & (users["created_at"] + pd.Timedelta(days=7 * (n + 1)) + LATE <= as_of)
        ]
        inside = days[days["since"].between(first, 7 * n + 6) & days["user_id"].isin(mature["user_id"])]
        assert row["mature_users"] == len(mature)
        assert row["retained_users"] == inside.loc[inside["is_active"], "user_id"].nunique()
        assert row["contributing_users"] == inside.loc[inside["is_contributing"], "user_id"].nunique()


def test_hours_to_application_add_up_to_any_window(con: duckdb.DuckDBPyConnection, as_of: pd.Timestamp):
    referrals = con.execute(
        "select first_install_at, applied_at from gold.fct_referral where applied_at is not null"
    ).df()
    referrals = referrals[referrals["first_install_at"] + pd.Timedelta(days=7) + LATE <= as_of]
    hours = con.execute("select hour_since_install, applications from gold.fct_application_hour").df()
    assert len(hours) == 169
    for window in (0, 1, 24, 48, 72, 168):
        in_time = referrals["applied_at"] <= referrals["first_install_at"] + pd.Timedelta(hours=window)
        assert hours.loc[hours["hour_since_install"] <= window, "applications"].sum() == in_time.sum()
    assert in_time.sum() > 20, "within a week; at the very moment of the install perhaps nobody"
