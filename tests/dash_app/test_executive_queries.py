"""The numbers of the executive view, on rows typed in here."""

from datetime import date, timedelta
from math import isnan
from pathlib import Path

import pytest

from dash_app.filters import Filters, School
from dash_app.queries import executive
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from tests.dash_app.snapshots import active_day, publish, purchase, referral, school, user

LAST = date(2026, 3, 31)
WEEK = Filters(date(2026, 3, 25), LAST, preset="7d")


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    file = publish(
        tmp_path,
        {
            "dim_school": [school(10, "Oak", "ca"), school(11, "Elm", "NY"), school(-1, "unknown", None)],
            "dim_user": [
                user(1, date(2026, 1, 5), 10),
                user(2, date(2026, 3, 26), 11, "teacher"),
                user(3, date(2026, 3, 20), 11, marketing_channel="partner"),
            ],
            "fct_fraud_filter": [
                {"entity_type": "user", "entity_id": 2, "decision": "confirmed"},
                {"entity_type": "user", "entity_id": 1, "decision": "held"},
                {"entity_type": "referral", "entity_id": 1, "decision": "confirmed"},
                {"entity_type": "referral", "entity_id": 9, "decision": "confirmed"},  # as the buyer 9: another kind
            ],
            "fct_purchase": [
                purchase("p1", 1, 10, date(2026, 3, 31), "1.25"),
                purchase("p2", 1, 10, date(2026, 3, 25), "0.75"),
                purchase("p3", 2, 11, date(2026, 3, 27), "4.00"),
                purchase("p4", 1, 10, date(2026, 3, 24), "8.00"),  # the week before
                purchase("p5", 9, -1, date(2026, 3, 30), "0.50"),  # a buyer who is not in dim_user
                purchase("p6", 1, 10, date(2026, 1, 10), "3.00"),
            ],
            "fct_user_day": [
                active_day(1, date(2026, 3, 31), contributing=True),
                active_day(1, date(2026, 3, 30), contributing=True),  # a second day of the same person
                active_day(2, date(2026, 3, 30), contributing=True),
                active_day(9, date(2026, 3, 4), contributing=True),  # first of the 28 days
                active_day(3, date(2026, 3, 3), contributing=True),  # last of the 28 days before
                active_day(3, date(2026, 3, 30)),  # opened the app only
            ],
            "fct_referral": [
                referral(1, date(2026, 3, 25), school_id=10),
                referral(2, date(2026, 3, 24), school_id=10),
                referral(3, LAST, school_id=11),
            ],
        },
        LAST,
    )
    return Snapshot(file)


def kpis(snapshot: Snapshot, filters: Filters = WEEK):
    return executive.kpis(snapshot, filters, bounds(snapshot))


def test_money_is_that_of_the_period_and_of_the_same_weekdays_before(snapshot: Snapshot) -> None:
    numbers = kpis(snapshot)
    assert (numbers["raised"], numbers["raised_before"]) == (6.5, 8.0)
    assert (numbers["purchases"], numbers["purchases_before"]) == (4, 1)


def test_supporters_are_distinct_people_of_28_days_whatever_the_period(snapshot: Snapshot) -> None:
    numbers = kpis(snapshot)
    assert numbers["supporters"] == 3, "1, 2 and the unknown 9, each once"
    assert numbers["supporters_before"] == 1, "3, on the last day before the window"
    assert (numbers["known_supporters"], numbers["users"]) == (2, 3)


def test_new_users_and_referrals_are_counted_by_their_day(snapshot: Snapshot) -> None:
    numbers = kpis(snapshot)
    assert (numbers["new_users"], numbers["new_users_before"]) == (1, 1)
    assert (numbers["referrals"], numbers["referrals_before"]) == (2, 1)


def test_nothing_is_compared_with_days_before_the_data_begins(snapshot: Snapshot) -> None:
    numbers = kpis(snapshot, Filters(date(2026, 1, 10), LAST, preset="all"))
    assert numbers["raised"] == 17.5
    assert isnan(numbers["raised_before"])
    assert numbers["supporters_before"] == 1, "its own 56 days are covered"


@pytest.mark.parametrize(
    ("filters", "raised"),
    [
        (Filters(WEEK.start, LAST, user_type="teacher"), 4.0),
        (Filters(WEEK.start, LAST, state="CA"), 2.0),
        (Filters(WEEK.start, LAST, user_type="teacher", state="CA"), 0.0),
        (Filters(WEEK.start, LAST, school=School(11, "Elm")), 4.0),
        (Filters(WEEK.start, LAST, channel="organic"), 6.0),
        (Filters(WEEK.start, LAST, fraud="out"), 2.5),
    ],
)
def test_filters_narrow_the_money_by_buyer_and_by_school_of_the_purchase(
    snapshot: Snapshot, filters: Filters, raised: float
) -> None:
    assert kpis(snapshot, filters)["raised"] == raised
    assert executive.schools(snapshot, filters, bounds(snapshot))["amount_raised_usd"].sum() == raised
    assert executive.states(snapshot, filters, bounds(snapshot))["amount_raised_usd"].sum() == raised
    assert executive.trend(snapshot, filters, bounds(snapshot))["amount_raised_usd"].sum() == raised


def test_filters_narrow_people_and_invitations_too(snapshot: Snapshot) -> None:
    came_by = kpis(snapshot, Filters(WEEK.start, LAST, channel="partner"))
    assert (came_by["users"], came_by["supporters"], came_by["supporters_before"], came_by["referrals"]) == (1, 0, 1, 0)
    school = kpis(snapshot, Filters(WEEK.start, LAST, school=School(11, "Elm")))
    assert (school["users"], school["supporters"], school["referrals"]) == (2, 1, 1)


def test_without_fraud_confirmed_people_and_referrals_are_left_out_and_held_ones_stay(snapshot: Snapshot) -> None:
    numbers = kpis(snapshot, Filters(WEEK.start, LAST, fraud="out"))
    assert (numbers["users"], numbers["new_users"], numbers["supporters"]) == (2, 0, 2)
    assert (numbers["referrals"], numbers["referrals_before"]) == (1, 1), "3 is left; 2 was sent the week before"


def test_a_filter_value_is_never_read_as_sql(snapshot: Snapshot) -> None:
    assert kpis(snapshot, Filters(WEEK.start, LAST, user_type="x' or '1'='1"))["raised"] == 0


def test_schools_come_with_most_money_first_and_unknown_ones_named(snapshot: Snapshot) -> None:
    found = executive.schools(snapshot, WEEK, bounds(snapshot))
    assert found[["school", "amount_raised_usd", "supporters", "linked_users"]].to_numpy().tolist() == [
        ["Elm", 4.0, 1, 2],
        ["Oak", 2.0, 1, 1],
        ["No school known", 0.5, 1, 0],
    ]


def test_states_are_one_row_whatever_the_case_of_their_letters(snapshot: Snapshot) -> None:
    found = executive.states(snapshot, WEEK, bounds(snapshot))
    assert found[["state", "amount_raised_usd", "schools"]].to_numpy().tolist() == [
        ["NY", 4.0, 1],
        ["CA", 2.0, 1],
        ["", 0.5, 0],
    ]


def test_days_without_rows_are_zeros_and_active_users_are_distinct(snapshot: Snapshot) -> None:
    found = executive.trend(snapshot, WEEK, bounds(snapshot)).set_index("first_day")
    assert found["amount_raised_usd"].tolist() == [0.75, 0, 4.0, 0, 0, 0.5, 1.25]
    assert found.loc["2026-03-30", "active_users"] == 3


def test_the_last_seven_days_may_still_grow_and_earlier_ones_not(snapshot: Snapshot) -> None:
    found = executive.trend(snapshot, Filters(date(2026, 3, 18), LAST), bounds(snapshot))
    assert found.loc[found["provisional_because"].notna(), "first_day"].min().date() == date(2026, 3, 25)


def test_long_periods_are_weeks_from_monday_and_a_cut_week_is_marked(snapshot: Snapshot) -> None:
    found = executive.trend(snapshot, Filters(date(2026, 2, 11), LAST), bounds(snapshot))
    assert found["first_day"].dt.date.tolist()[:2] == [date(2026, 2, 11), date(2026, 2, 16)]
    marked = found.loc[found["provisional_because"].notna(), "first_day"].dt.date.tolist()
    assert marked == [date(2026, 2, 11), date(2026, 3, 23), date(2026, 3, 30)]
    assert found["active_users"].iloc[-1] == 3, "three people in two days, not four"


def test_a_snapshot_without_facts_answers_with_zeros(tmp_path: Path) -> None:
    empty = Snapshot(publish(tmp_path, {}, LAST, "b2"))
    numbers = kpis(empty)
    assert (numbers["raised"], numbers["supporters"], numbers["users"]) == (0, 0, 0)
    assert executive.schools(empty, WEEK, bounds(empty)).empty


def test_active_users_are_counted_once_a_week_over_more_weeks_than_a_number_has_bits(tmp_path: Path) -> None:
    first = LAST - timedelta(weeks=130)
    active = {1: range(131), 2: (0, 59, 60, 61), 3: (60, 119, 120), 4: (130,)}
    days = [
        active_day(user_id, first + timedelta(weeks=week, days=day))
        for user_id, weeks in active.items()
        for week in weeks
        for day in ((0, 1) if week < 130 else (0,))
    ]
    buys = [purchase("p1", 1, -1, first, "1.00")]  # what makes the first day one of the facts
    snapshot = Snapshot(publish(tmp_path, {"fct_user_day": days, "fct_purchase": buys}, LAST))
    found = executive.trend(snapshot, Filters(first, LAST), bounds(snapshot))
    monday = first - timedelta(days=first.weekday())
    starts = [day.date() for day in found["starts_on"]]
    assert starts == [monday + timedelta(weeks=week) for week in range(131)]
    expected = [len([1 for weeks in active.values() if week in weeks]) for week in range(131)]
    assert found["active_users"].tolist() == expected
