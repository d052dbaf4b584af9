from __future__ import annotations

from datetime import date, timedelta

import pytest
import yaml
from pandas.tseries.holiday import USFederalHolidayCalendar

from include.alerts.thresholds import UnknownThresholdError, reason, threshold
from include.build import DBT_PROJECT
from tests.dbt.test_seeds_hold_the_terms import seed

THRESHOLDS = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text("utf-8"))["vars"]["thresholds"]


@pytest.mark.parametrize("name", THRESHOLDS)
def test_every_threshold_has_a_number_and_a_reason_in_a_sentence(name: str):
    assert isinstance(threshold(name), int | float)
    assert reason(name).endswith(".")
    assert len(reason(name).split()) >= 6


def test_an_unknown_threshold_says_where_to_put_it():
    with pytest.raises(UnknownThresholdError, match=r"dbt_project\.yml"):
        threshold("no_such_thing")


def occasions_on(day: date) -> set[str]:
    """The holidays and long weekends of the seed that fall on a day."""
    return {
        occasion
        for kind, month, first, last, weekday, occasion in seed("us_occasions")
        if kind in ("holiday", "long_weekend")
        and day.month == int(month)
        and int(first) <= day.day <= int(last)
        and weekday in ("", f"{day:%A}")
    }


def test_every_federal_holiday_of_twenty_years_is_an_occasion():
    # pandas moves a holiday on a weekend to the working day beside it; people stay at home on the day itself
    first, last = date(2022, 1, 1), date(2041, 12, 31)
    rules = [rule for rule in USFederalHolidayCalendar.rules if rule.observance is None]
    moved = [rule for rule in USFederalHolidayCalendar.rules if rule.observance is not None]
    days = {day.date(): rule.name for rule in rules for day in rule.dates(first, last)}
    days |= {date(year, rule.month, rule.day): rule.name for rule in moved for year in range(2022, 2042)}
    assert len(days) == 11 * 20
    assert {day: name for day, name in days.items() if not any(name in known for known in occasions_on(day))} == {}


def test_an_ordinary_day_is_none():
    spring = [date(2026, 3, 2) + timedelta(days=number) for number in range(60)]
    assert [day for day in spring if occasions_on(day)] == []
