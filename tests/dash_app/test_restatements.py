"""Published figures that were changed: compared with what was published first, on rows typed in here."""

from datetime import date
from pathlib import Path

import pytest

from dash_app.components.restatements import restatements_card
from dash_app.filters import Filters
from dash_app.queries import restatements
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from tests.dash_app.snapshots import publish, restatement
from tests.dash_app.test_pages import words

LAST = date(2026, 3, 31)
WEEK = Filters(date(2026, 3, 25), LAST, preset="7d")
FIRST_BUILD, SECOND_BUILD = date(2026, 3, 30), date(2026, 4, 1)
LOGGED = [
    restatement(date(2026, 3, 27), "liability_usd", 105, 104, "correction", SECOND_BUILD),  # the second change
    restatement(date(2026, 3, 27), "liability_usd", 100, 105, "late rows", FIRST_BUILD),
    restatement(date(2026, 3, 28), "liability_usd", 90, 91.5, "late rows", SECOND_BUILD),
    restatement(date(2026, 3, 28), "purchases", 7, 9, "late rows", SECOND_BUILD),
    restatement(date(2026, 3, 26), "awarded_usd", 10, 15, "late rows", FIRST_BUILD),
    restatement(date(2026, 3, 26), "awarded_usd", 15, 10, "reprocess", SECOND_BUILD),  # back to what it was
    restatement(date(2026, 3, 24), "awarded_usd", 10, 15, "late rows", FIRST_BUILD),  # before the period
]


def restated(root: Path, logged: list) -> list[tuple]:
    snapshot = Snapshot(publish(root, {"ops.restatements": logged}, LAST))
    rows = restatements.restated(snapshot, WEEK, bounds(snapshot))
    columns = ["measure", "published", "now", "difference", "changes", "why"]
    return [(row["day"].date().isoformat(), *(row[name] for name in columns)) for row in rows.to_dict("records")]


def test_the_first_published_value_is_compared_with_the_last_one(tmp_path: Path) -> None:
    assert restated(tmp_path, LOGGED) == [
        ("2026-03-28", "liability_usd", 90, 91.5, 1.5, 1, "late rows"),
        ("2026-03-28", "purchases", 7, 9, 2, 1, "late rows"),
        ("2026-03-27", "liability_usd", 100, 104, 4, 2, "correction, late rows"),
    ]


def test_it_agrees_with_a_count_in_sql(tmp_path: Path) -> None:
    snapshot = Snapshot(publish(tmp_path, {"ops.restatements": LOGGED}, LAST))
    net = snapshot.read(
        "select activity_date, measure, sum(value_to - value_from)::double as net from ops.restatements"
        " where activity_date between '2026-03-25' and '2026-03-31' group by all having net <> 0"
    )
    rows = restatements.restated(snapshot, WEEK, bounds(snapshot))
    assert len(rows) == len(net) == 3
    assert rows["difference"].sum() == pytest.approx(net["net"].sum())


def test_the_card_says_what_changed_and_why(tmp_path: Path) -> None:
    snapshot = Snapshot(publish(tmp_path, {"ops.restatements": LOGGED}, LAST))
    card = words(restatements_card(restatements.restated(snapshot, WEEK, bounds(snapshot)), WEEK, "means", "/x.csv"))
    assert "3 figures of 2 days changed. What is owed changed most on 27 Mar 2026: +$4.00." in card
    assert "$100.00 $104.00 +$4.00 corrected at the source, late rows, 2 times" in card
    assert "Purchases 7 9 +2 late rows" in card


def test_nothing_changed_is_said_also_by_a_snapshot_that_does_not_know(tmp_path: Path) -> None:
    assert restated(tmp_path, []) == []
    snapshot = Snapshot(publish(tmp_path, {}, LAST, "b2", without=["fct_rewards"]))
    unknown = type("Older", (), {"has": lambda *_: False})()
    for of in (snapshot, unknown):
        rows = restatements.restated(of, WEEK, bounds(snapshot))
        card = words(restatements_card(rows, WEEK, "means", "/x.csv"))
        assert "Nothing that was published of 25 Mar 2026 to 31 Mar 2026 was changed since." in card
