"""Filters from links: whatever a link holds, the page shows something sensible and says what it left out."""

from datetime import date

import pytest

from dash_app.filters import NARROWINGS, Bounds, Filters, School, parse

BOUNDS = Bounds(
    date(2026, 1, 1), date(2026, 3, 31), date(2026, 1, 1), {7: "Elm, Springfield, NY"}, ("organic", "paid_social")
)


def test_without_parameters_it_is_the_last_28_days() -> None:
    filters, notices = parse({}, BOUNDS)
    assert (filters.start, filters.end, filters.days, notices) == (date(2026, 3, 4), date(2026, 3, 31), 28, [])
    assert filters.to_params() == {}


@pytest.mark.parametrize(
    "params",
    [
        {"period": "7d"},
        {"period": "all", "user_type": "teacher"},
        {"from": "2026-02-01", "to": "2026-02-28", "state": "AE"},
        {"user_type": "parent", "state": "CA"},
        {"school": "7", "channel": "paid_social", "fraud": "out"},
    ],
)
def test_a_link_reproduces_itself(params: dict[str, str]) -> None:
    filters, notices = parse(params, BOUNDS)
    assert notices == []
    assert filters.to_params() == params


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"period": "fortnight"}, "“fortnight” is not a value of “period”"),
        ({"from": "yesterday"}, "“yesterday” is not a day"),
        ({"from": "2026-03-09", "to": "2026-03-01"}, "ends before it begins"),
        ({"from": "2031-01-01", "to": "2031-02-01"}, "There is no data from 2031-01-01"),
        ({"user_type": "admin' --"}, "is not a value of “user_type”"),
        ({"state": "ZZ"}, "it is two letters, such as CA"),
        ({"school": "8"}, "“8” is not the id of a school"),
        ({"school": "²"}, "“²” is not the id of a school"),
        ({"school": "7 or 1=1"}, "“7 or 1=1” is not the id of a school"),
        ({"channel": "billboard"}, "it is one of organic, paid_social"),
        ({"fraud": "in"}, "it is one of out"),
        ({"fbclid": "x"}, "“fbclid” in the link is not a filter"),
        ({"period": ["7d"]}, "is not a value of “period”"),
    ],
)
def test_junk_falls_back_to_the_default_and_is_named(params: dict[str, str], says: str) -> None:
    filters, notices = parse(params, BOUNDS)
    assert filters == Filters(date(2026, 3, 4), date(2026, 3, 31))
    assert len(notices) == 1
    assert says in notices[0]


def test_days_outside_the_data_are_left_out_and_it_is_said() -> None:
    filters, notices = parse({"from": "2025-06-01", "to": "2026-01-15"}, BOUNDS)
    assert (filters.start, filters.end) == (date(2026, 1, 1), date(2026, 1, 15))
    assert "There is data from 2026-01-01 to 2026-03-31" in notices[0]


@pytest.mark.parametrize("days", [7, 28, 30, 90])
def test_the_period_before_has_as_many_days_the_same_weekdays_and_does_not_overlap(days: int) -> None:
    end = date(2026, 3, 31)
    filters = Filters(date.fromordinal(end.toordinal() - days + 1), end)
    start_before, end_before = filters.previous
    assert (end_before - start_before).days + 1 == days
    assert start_before.weekday() == filters.start.weekday()
    assert end_before < filters.start


def test_a_view_is_given_only_the_filters_it_follows() -> None:
    link = {"user_type": "parent", "state": "NY", "school": "7", "channel": "organic", "fraud": "out"}
    filters, notices = parse(link, BOUNDS)
    assert notices == []
    assert filters.school == School(7, "Elm, Springfield, NY")
    assert filters.only(NARROWINGS) == filters
    assert filters.only(["user_type"]) == Filters(filters.start, filters.end, user_type="parent")
    assert not filters.only([]).is_narrowed


def test_the_filters_in_words() -> None:
    filters, _ = parse({"school": "7", "channel": "paid_social", "fraud": "out", "period": "7d"}, BOUNDS)
    assert filters.in_words() == (
        "25 Mar 2026 to 31 Mar 2026, Elm, Springfield, NY only, people who came by paid social only, "
        "without confirmed fraud"
    )


def test_a_link_full_of_junk_is_told_in_a_few_sentences() -> None:
    _, notices = parse({f"junk{number}": "x" for number in range(1000)}, BOUNDS)
    assert len(notices) == 6
    assert notices[-1] == "995 more of the link are no filters and were ignored."
