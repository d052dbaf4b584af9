"""The numbers of the referral view, on rows typed in here."""

from datetime import date
from pathlib import Path

import pytest

from dash_app.components.attribution_window import windows_card
from dash_app.components.referral_kpis import duration
from dash_app.filters import Filters
from dash_app.queries import referral as queries
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from tests.dash_app.snapshots import invitations, publish, referral, school

LAST = date(2026, 3, 29)
WEEK = Filters(date(2026, 3, 23), LAST, preset="7d")
FEB_2, FEB_9, MARCH_23 = date(2026, 2, 2), date(2026, 2, 9), date(2026, 3, 23)


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    rows = {
        "fct_referral_funnel_week": [
            invitations(FEB_2, "sms", sent=100, clicked=50, applied=40, eligible=30),
            invitations(FEB_9, "sms", sent=30, clicked=20, applied=12, eligible=6),
            invitations(FEB_9, "email", sent=20, clicked=5, applied=3, eligible=1, referrer_user_type="teacher"),
            invitations(MARCH_23, "sms", sent=50, clicked=0, applied=0, eligible=0, is_mature=False),
        ],
        "dim_school": [school(4, "Oak", "ca")],
        "fct_referral_funnel_school": [
            of_school(4, 50, 9), of_school(-1, 60, 3), of_school(5, 10, 1), of_school(6, 0, 0)
        ],
        "fct_referral_ending": [
            ending(MARCH_23, "open", "none", 7),
            ending(MARCH_23, "eligible", "awarded", 2),
            ending(MARCH_23, "self_referral", "improper", 1),
            ending(MARCH_23, "self_referral", "none", 3),
            ending(date(2026, 3, 2), "expired", "none", 99),
        ],
        "fct_referral": [
            referral(1, date(2026, 3, 25), applied_at="2026-03-25 09:00:00", is_within_48h=True),
            referral(2, date(2026, 3, 26), applied_at="2026-03-28 09:00:00", is_within_48h=False),
            referral(3, date(2026, 3, 16), applied_at="2026-03-17 09:00:00", is_within_48h=True),
            referral(4, LAST),
        ],
        "fct_application_hour": [hour(1, 10, 8), hour(48, 2, 1), hour(49, 3, 2)],
        "fct_attribution_window": [window(48, 40, 0, True), window(72, 43, 3, False)],
    }  # fmt: skip
    return Snapshot(publish(tmp_path, rows, LAST))


def of_school(school_id: int, mature: int, eligible: int) -> dict:
    return {
        "referrer_school_id": school_id, "sent": 99, "mature_sent": mature, "clicked": eligible, "applied": eligible,
        "eligible": eligible, "awarded": eligible,
    }  # fmt: skip


def ending(week: date, rule_outcome: str, award_state: str, number: int) -> dict:
    return {
        "cohort_week": week, "channel": "sms", "rule_outcome": rule_outcome, "award_state": award_state,
        "referrals": number, "is_ended": rule_outcome != "open",
    }  # fmt: skip


def hour(number: int, applications: int, meeting: int) -> dict:
    eligible = meeting if number <= 48 else 0
    return {
        "hour_since_install": number, "applications": applications, "applications_at_signup": 0,
        "applications_meeting_other_rules": meeting, "eligible_applications": eligible,
    }  # fmt: skip


def window(hours: int, eligible: int, more: int, in_force: bool) -> dict:
    return {
        "window_hours": hours, "is_in_force": in_force, "mature_sent": 150, "eligible": eligible,
        "conversion": eligible / 150, "eligible_change": more,
        "bonus_usd": 10 * eligible, "bonus_change_usd": 10 * more,
        "raised_usd": 5 * eligible, "raised_change_usd": 5 * more,
    }  # fmt: skip


def test_the_funnel_is_of_the_latest_mature_weeks_and_everybody_adds_up(snapshot: Snapshot) -> None:
    rows = queries.funnel(snapshot, WEEK, bounds(snapshot))
    assert [*rows["reached"]] == [50, 25, 15, 15, 15, 15, 7, 7]
    assert [*rows["reached_before"]][1:] == [50, 25, 15, 15, 15, 15, 7]
    channels = queries.channels(snapshot, WEEK, bounds(snapshot))
    assert channels["sent"].sum() == 50
    assert channels["eligible"].sum() == 7


def test_conversion_is_compared_with_the_weeks_before(snapshot: Snapshot) -> None:
    numbers = queries.conversion(snapshot, WEEK, bounds(snapshot))
    assert (numbers["eligible"], numbers["sent"]) == (7, 50)
    assert (numbers["eligible_before"], numbers["sent_before"]) == (30, 100)
    assert numbers["first_week"].date() == FEB_9


def test_a_user_type_narrows_the_invitations_of_such_referrers(snapshot: Snapshot) -> None:
    teachers = Filters(WEEK.start, LAST, preset="7d", user_type="teacher")
    assert [*queries.funnel(snapshot, teachers, bounds(snapshot))["reached"]][:2] == [20, 5]


def test_codes_are_counted_by_the_day_they_were_applied(snapshot: Snapshot) -> None:
    numbers = queries.sent(snapshot, WEEK, bounds(snapshot))
    assert (numbers["sent"], numbers["sent_before"]) == (3, 1)
    assert (numbers["applied"], numbers["applied_in_time"]) == (2, 1)
    assert (numbers["applied_before"], numbers["applied_in_time_before"]) == (1, 1)


def test_every_invitation_of_the_weeks_shown_has_one_ending(snapshot: Snapshot) -> None:
    rows = queries.endings(snapshot, WEEK, bounds(snapshot)).set_index("rule_outcome")
    assert rows["referrals"].sum() == 13
    assert rows.loc["self_referral", "referrals"] == 4
    assert rows.loc["self_referral", "improper"] == 1
    assert rows.loc["eligible", "award_state"] == "awarded"


def test_the_window_card_counts_who_came_too_late_and_met_every_other_rule(snapshot: Snapshot) -> None:
    asked = (snapshot, WEEK, bounds(snapshot))
    card = str(windows_card(queries.hours(*asked), queries.windows(*asked), "", "", "light"))
    assert "2 of 15 codes" in card
    assert "+$30.00" in card


@pytest.mark.parametrize(
    ("hours", "says"), [(0.1, "6 minutes"), (1.0, "1.0 hours"), (47.9, "47.9 hours"), (60, "2.5 days")]
)
def test_durations_are_told_in_the_unit_people_use(hours: float, says: str) -> None:
    assert duration(hours) == says


def test_schools_come_with_most_mature_invitations_first_and_without_those_that_have_none(snapshot: Snapshot) -> None:
    found = queries.schools(snapshot, WEEK, bounds(snapshot))
    assert found[["school", "state", "sent", "eligible"]].fillna("").to_numpy().tolist() == [
        ["No school known", "", 60, 3],
        ["Oak", "CA", 50, 9],
        ["School 5", "", 10, 1],
    ]
