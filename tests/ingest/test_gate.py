"""When a delivery is too broken to publish, and how an operator lets it pass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from include.ingest.errors import DeliveryBlocked, IngestError
from tests.ingest.landed import DAY, EVENT, Landing


def put_events(landing: Landing, good: int, bad: int, name: str = "part-0.csv") -> None:
    rows = [f"g{number},1,install,2026-03-10" for number in range(good)] + [
        f"b{number},x,install,2026-03-10" for number in range(bad)
    ]
    landing.put("events", "\n".join([EVENT, *rows]) + "\n", name=name)


@pytest.mark.parametrize(
    ("good", "bad", "is_blocked"),
    [(19, 1, False), (18, 2, True), (17, 2, False), (0, 19, False), (95, 5, False), (94, 6, True)],
)
def test_more_than_5_percent_of_at_least_20_rows_blocks(landing: Landing, good: int, bad: int, is_blocked: bool):
    put_events(landing, good, bad)
    landing.complete()
    report = landing.load()
    assert [(block.table, block.ds) for block in report.blocked] == ([("events", DAY)] if is_blocked else [])
    assert report.rows_loaded == good


def test_rows_of_one_table_and_day_count_together_and_days_apart(landing: Landing):
    put_events(landing, good=9, bad=1, name="a.csv")
    put_events(landing, good=9, bad=1, name="b.csv")
    landing.complete()
    assert len(landing.load().blocked) == 1  # 2 of 20
    put_events(landing, good=30, bad=0, name="c.csv")
    assert landing.load().blocked == []  # 2 of 50


def test_a_blocked_delivery_says_why_and_how_to_let_it_pass(landing: Landing):
    put_events(landing, good=18, bad=2)
    landing.put("users", "gone\n")
    landing.complete()
    report = landing.load()
    with pytest.raises(DeliveryBlocked) as caught:
        report.raise_if_blocked()
    message = str(caught.value)
    assert "events:2026-03-10: 2 of 20 rows in quarantine, more than 5 %" in message
    assert "users:2026-03-10: 1 refused file: part-0.csv: without the required column" in message
    assert "--accept-quarantine events:2026-03-10" in message


def test_an_accepted_delivery_stays_accepted_until_it_changes(landing: Landing):
    put_events(landing, good=18, bad=2)
    landing.complete()
    assert len(landing.load().blocked) == 1
    assert landing.load(accept=["events:2026-03-10"]).blocked == []
    assert landing.load().blocked == []
    assert landing.rows("select table_name, ds, accepted_as from ops.accepted_quarantine") == [
        ("events", DAY, "events:2026-03-10")
    ]
    put_events(landing, good=18, bad=3)
    assert len(landing.load().blocked) == 1
    assert landing.load(accept=["all"]).blocked == []


def test_a_block_holds_on_later_days_until_it_is_mended_or_accepted(landing: Landing):
    put_events(landing, good=18, bad=2)
    landing.complete()
    landing.load()
    landing.complete(DAY + timedelta(days=1))
    assert [block.ds for block in landing.load(end=DAY + timedelta(days=1)).blocked] == [DAY]
    put_events(landing, good=20, bad=0)
    assert landing.load(end=DAY + timedelta(days=1)).blocked == []


def test_a_refused_file_that_is_taken_away_blocks_no_more(landing: Landing):
    file = landing.put("users", "gone\n")
    landing.complete()
    assert len(landing.load().blocked) == 1
    file.unlink()
    assert landing.load().blocked == []


def test_accepting_what_is_not_blocked_is_said_and_nonsense_is_refused(landing: Landing):
    landing.complete()
    assert "nothing of that name is blocked" in landing.load(accept=["events:2026-03-10"]).warnings[0]
    for entry in ("events", "weather:2026-03-10", "events:10.3.2026"):
        with pytest.raises(IngestError, match="give TABLE:YYYY-MM-DD or all"):
            landing.load(accept=[entry])
