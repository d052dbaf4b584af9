"""Rings of referrals: worked by hand, and next to what networkx says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import networkx as nx
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from include.analytics.trust.rings import rings

NOON = datetime.fromisoformat("2026-03-01 12:00")


def found(arrows: list[tuple[int, int, int]]) -> dict[int, dict[str, Any]]:
    """Rings among arrows (from, to, minutes after noon); referral_id is the place in the list, from 1."""
    frame = pd.DataFrame(arrows, columns=["referrer_user_id", "referred_user_id", "minutes"]).astype("int64")
    frame["referral_id"] = range(1, len(frame) + 1)
    frame["applied_at"] = pd.to_datetime(pd.Series([NOON + timedelta(minutes=int(m)) for m in frame.pop("minutes")]))
    rows = rings(frame).to_pylist()
    assert [row["referral_id"] for row in rows] == sorted(row["referral_id"] for row in rows)
    return {row.pop("referral_id"): row for row in rows}


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_an_invitation_back_closes_a_ring_of_two_and_both_referrals_are_part_of_it():
    assert found([(1, 2, 0), (2, 1, 5), (1, 3, 1)]) == {
        1: {"ring_id": 1, "ring_size": 2, "people": [1, 2], "completed_at": at(5)},
        2: {"ring_id": 1, "ring_size": 2, "people": [2, 1], "completed_at": at(5)},
    }


def test_a_chain_is_no_ring():
    assert found([(1, 2, 0), (2, 3, 1), (1, 3, 2)]) == {}


def test_three_in_a_ring():
    rows = found([(5, 7, 0), (7, 6, 1), (6, 5, 2)])
    assert {key: row["people"] for key, row in rows.items()} == {1: [5, 7, 6], 2: [7, 6, 5], 3: [6, 5, 7]}
    assert {row["completed_at"] for row in rows.values()} == {at(2)}


def test_the_ring_that_was_complete_first_counts_though_a_shorter_one_follows():
    rows = found([(1, 2, 0), (2, 3, 1), (3, 1, 2), (2, 1, 9)])
    assert (rows[1]["ring_size"], rows[1]["completed_at"]) == (3, at(2))
    assert (rows[4]["ring_size"], rows[4]["completed_at"]) == (2, at(9))


def test_nothing_in_nothing_out():
    assert found([]) == {}


ARROWS = st.lists(
    st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(0, 20)).filter(lambda arrow: arrow[0] != arrow[1]),
    max_size=14,
)


@given(ARROWS)
def test_the_referrals_on_a_ring_and_the_moment_are_those_of_networkx(arrows: list[tuple[int, int, int]]):
    places = dict(enumerate(arrows, start=1))
    in_order = sorted(places, key=lambda place: (places[place][2], place))
    expected: dict[int, datetime] = {}
    graph = nx.DiGraph()
    known: list[int] = []
    for last in in_order:  # day by day: a referral is on a ring as soon as its two people reach each other
        known.append(last)
        graph.add_edge(*places[last][:2])
        component = {
            user: number for number, part in enumerate(nx.strongly_connected_components(graph)) for user in part
        }
        for place in known:
            start, stop, _ = places[place]
            if component[start] == component[stop]:
                expected.setdefault(place, at(places[last][2]))
    rows = found(arrows)
    assert {place: row["completed_at"] for place, row in rows.items()} == expected
    for place, row in rows.items():
        assert row["people"][:2] == list(places[place][:2])
        closed = list(zip(row["people"], [*row["people"][1:], row["people"][0]], strict=True))
        assert all(graph.has_edge(*pair) for pair in closed)
        assert len(set(row["people"])) == row["ring_size"]
