"""The numbers of the product view, on rows typed in here."""

from datetime import date
from pathlib import Path

import pytest

from dash_app.components.product_kpis import kpi_cards
from dash_app.filters import Filters
from dash_app.queries import product
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from tests.dash_app.snapshots import onboarding_week, publish, scan_week

LAST = date(2026, 3, 29)
MONTH = Filters(date(2026, 3, 2), LAST)
JAN_5, JAN_12, JAN_19, MARCH_2 = (date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19), date(2026, 3, 2))


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    rows = {
        "fct_onboarding_step": [
            *onboarding_week(JAN_5, users=100, started=90, completed=60, qualified=50, is_observed=False),
            *onboarding_week(JAN_12, users=10, started=9, completed=8, qualified=4),
            *onboarding_week(JAN_12, users=40, started=39, completed=30, qualified=20, user_type="teacher"),
            *onboarding_week(JAN_19, users=20, started=20, completed=10, qualified=10, platform="android"),
            *onboarding_week(MARCH_2, users=50, started=20, completed=0, qualified=0, is_mature=False),
        ],
        "fct_scan_funnel_week": [
            scan_week(date(2026, 2, 23), "ios", attempts=50, completed=40, lost_usd="3.5"),
            scan_week(MARCH_2, "ios", attempts=30, completed=27, lost_usd="1.25"),
            scan_week(MARCH_2, "android", attempts=10, completed=5, lost_usd="0.25"),
            scan_week(date(2026, 3, 9), "ios", attempts=8, completed=1, is_mature=False),
        ],
        "fct_activation_cohort": [
            activation(MARCH_2, 40, 30), activation(date(2026, 2, 23), 60, 30),
            activation(date(2026, 3, 9), 20, 1, is_mature=False),
        ],
    }  # fmt: skip
    return Snapshot(publish(tmp_path, rows, LAST))


def activation(week: date, users: int, activated: int, is_mature: bool = True) -> dict:
    return {
        "cohort_week": week, "platform": "all", "users": users, "mature_users": users, "activated_users": activated,
        "is_observed": True, "is_mature": is_mature,
    }  # fmt: skip


def test_the_funnel_is_of_the_latest_weeks_that_are_mature_for_every_step_and_on_record(snapshot: Snapshot) -> None:
    rows = product.onboarding(snapshot, MONTH, bounds(snapshot))
    assert [*rows["step"]] == ["signed_up", "onboarding_started", "onboarding_completed", "qualified"]
    assert [*rows["reached"]] == [70, 68, 48, 34]
    assert [*rows["reached_before"]][1:] == [70, 68, 48]
    assert (rows["first_week"][0].date(), rows["last_day"][0].date()) == (JAN_12, date(2026, 1, 25))


def test_a_week_of_filter_takes_one_week_of_signup(snapshot: Snapshot) -> None:
    rows = product.onboarding(snapshot, Filters(date(2026, 3, 23), LAST, preset="7d"), bounds(snapshot))
    assert [*rows["reached"]] == [20, 20, 10, 10]


def test_a_user_type_narrows_the_funnel(snapshot: Snapshot) -> None:
    teachers = Filters(MONTH.start, LAST, user_type="teacher")
    assert [*product.onboarding(snapshot, teachers, bounds(snapshot))["reached"]] == [40, 39, 30, 20]


def test_the_parts_of_every_split_add_up_to_the_funnel(snapshot: Snapshot) -> None:
    rows = product.onboarding_by(snapshot, MONTH, bounds(snapshot))
    sums = rows.groupby("split")[["signed_up", "onboarded", "qualified"]].sum()
    assert {tuple(row) for row in sums.to_numpy().tolist()} == {(70, 48, 34)}
    assert len(sums) == 3


def test_scans_are_of_mature_weeks_and_compared_with_the_weeks_before(snapshot: Snapshot) -> None:
    week = Filters(date(2026, 3, 2), date(2026, 3, 8), preset=None)
    numbers = product.scans(snapshot, week, bounds(snapshot))
    assert (numbers["completed"], numbers["attempts"], numbers["lost_usd"]) == (32, 40, 1.5)
    assert (numbers["completed_before"], numbers["attempts_before"], numbers["lost_usd_before"]) == (40, 50, 3.5)


def test_a_week_that_is_not_mature_is_drawn_but_does_not_count(snapshot: Snapshot) -> None:
    weeks = product.scan_weeks(snapshot, MONTH, bounds(snapshot))
    assert [*weeks["is_mature"]] == [True, True, False]
    numbers = product.scans(snapshot, MONTH, bounds(snapshot))
    assert numbers["attempts"] == 90


def test_activation_compares_weeks_of_signup_that_had_the_time(snapshot: Snapshot) -> None:
    numbers = product.activation(snapshot, Filters(date(2026, 3, 23), LAST, preset="7d"), bounds(snapshot))
    assert (numbers["activated"], numbers["users"]) == (30, 40)
    assert (numbers["activated_before"], numbers["users_before"]) == (30, 60)


def test_the_cards_say_so_when_nothing_is_mature(tmp_path: Path) -> None:
    empty = Snapshot(publish(tmp_path, {}, LAST))
    asked = (empty, MONTH, bounds(empty))
    cards = kpi_cards(
        product.activation(*asked), product.scans(*asked), product.first_action(*asked), product.retention(*asked),
        lambda key: key,
    )  # fmt: skip
    assert "No week is mature yet" in str(cards)
    assert "not reached" in str(cards)
