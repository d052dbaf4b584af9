"""Numbers in words."""

import pytest

from dash_app.formats import bare_rate, change, plural, rate, usd, wilson


def test_money_has_cents_only_while_they_matter() -> None:
    assert [usd(0), usd(999.994), usd(1000), usd(-1234567.8)] == ["$0.00", "$999.99", "$1,000", "$-1,234,568"]


def test_a_rate_shows_what_it_is_made_of() -> None:
    assert rate(712, 1984, "users") == "712 of 1,984 users (35.9%)"


def test_below_twenty_a_rate_is_an_interval() -> None:
    assert rate(3, 12, "users") == "3 of 12 users: too few for a rate, 9% to 53%"
    assert rate(10, 20) == "10 of 20 (50.0%)"
    assert rate(0, 0, "users") == "no users to count yet"
    assert [bare_rate(3, 12), bare_rate(10, 20), bare_rate(0, 0)] == ["9% to 53%", "50.0%", "-"]


def test_more_than_there_were_before_are_no_share_of_them() -> None:
    assert [rate(5, 2), rate(30, 20, "clicks")] == ["5, more than the 2", "30, more than the 20 clicks"]


def test_wilson_agrees_with_a_published_value() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I: 15 of 148
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)


@pytest.mark.parametrize(
    ("value", "before", "units", "direction", "text"),
    [
        (120, 100, 100, "up", "20.0% up from 100"),
        (80, 100, 80, "down", "20.0% down from 100"),
        (5, 3, 3, "up", "2 more than before"),
        (5, 0, 0, "up", "none before"),
        (0, 0, 0, "same", "none before either"),
        (7, 7, 7, "same", "the same as before"),
        (7, float("nan"), 7, "unknown", "no earlier data to compare with"),
    ],
)
def test_a_comparison_is_a_percentage_only_where_one_means_something(value, before, units, direction, text) -> None:
    assert change(value, before, units) == (direction, text)


def test_one_is_singular() -> None:
    assert [plural(1, "school"), plural(0, "school"), plural(2000, "user")] == ["1 school", "0 schools", "2,000 users"]
