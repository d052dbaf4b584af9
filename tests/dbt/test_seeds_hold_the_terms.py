"""The seeds hold the terms of the programme as they are published; a change of terms changes this test too."""

from __future__ import annotations

import csv

from include.build import DBT_PROJECT


def seed(name: str) -> list[list[str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def test_the_policy_is_the_published_one():
    assert dict(seed("programme_policy")) == {
        "attribution_hours": "48",
        "open_days": "30",
        "overdue_hours": "48",
        "qualifying": "scan_or_link",
        "point_value_usd": "0.01",
    }


def test_each_side_gets_five_dollars():
    assert seed("reward_bonus") == [
        ["referrer_bonus", "2000-01-01 00:00:00", "5.00"],
        ["referred_bonus", "2000-01-01 00:00:00", "5.00"],
    ]
