"""The numbers of the trust view, on rows typed in here."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from dash_app.filters import Filters
from dash_app.queries import trust, trust_case, trust_signals
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import LOCKED_DOWN, Snapshot
from dash_app.trust_view import TrustView
from tests.dash_app.snapshots import publish, together
from tests.dash_app.trust_rows import case_of, overdue, review_case, trust_signal

# ruff: noqa: DTZ001 - gold holds UTC without an offset, and so do these tests

LAST = date(2026, 3, 31)
MARCH = Filters(date(2026, 3, 4), LAST)

CASES = [
    review_case(1, "20", 95, place=1),
    review_case(2, "50", 30, place=2),
    review_case(3, "0", 90, place=3, case_kind="payment_error"),
    review_case(4, "40", 60, state="confirmed", has_news_since_decision=True),
    review_case(5, "10", 70, state="confirmed"),
    review_case(6, "30", 20, state="cleared"),
    review_case(7, "70", 20, state="held"),
]
LATE = [
    overdue(1, "system", "5"),
    overdue(2, "system", "6", pending_since=datetime(2026, 2, 1)),
    overdue(3, "held"),
    overdue(4, "user", missing_step="onboarding"),
]
#: A Monday, the Sunday before it, and days on both ends of the period.
SIGNALS = [
    trust_signal("referral|1", "self_referral_device", date(2026, 3, 23), "5", case_id="group-1"),
    trust_signal("referral|2", "self_referral_device", date(2026, 3, 23), "7", case_id="group-1"),
    trust_signal("referral|3", "self_referral_device", date(2026, 3, 22), "9", case_id="group-2"),
    trust_signal("user|4", "velocity_burst", LAST, "11", case_id="group-1"),
    trust_signal("referral|5", "overdue_reward", date(2026, 3, 4), "5", "owed"),
    trust_signal("referral|6", "overdue_reward", date(2026, 3, 3), "5", "owed"),
]


def edge(low: int, high: int, kind: str = "device", cluster: int = 2) -> dict:
    return {"low_user_id": low, "high_user_id": high, "identifier_kind": kind, "cluster_id": cluster, "identifiers": 1}


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    rows = {
        "fct_review_case": CASES,
        "fct_overdue_reward": LATE,
        "fct_review_decision": [
            {"case_id": f"group-{number}", "is_known_case": number < 8} for number in (4, 5, 6, 7, 8, 9)
        ],
        "fct_trust_safety_signals": SIGNALS,
        "fct_trust_edge": [edge(2, 3), edge(2, 3, "payment"), edge(3, 9), edge(50, 51, cluster=50)],
        "fct_rewards": [
            {"referral_id": 102, "entry_type": "awarded", "signed_amount_usd": "10"},
            {"referral_id": 102, "entry_type": "withheld", "signed_amount_usd": "-4"},
            {"referral_id": 102, "entry_type": "redeemed", "signed_amount_usd": "-6"},
        ],
        "fct_user_day": [
            {"user_id": 2, "activity_date": LAST, "is_active": True, "scans_completed": 2},
            {"user_id": 2, "activity_date": date(2026, 3, 5), "is_active": True, "scans_completed": 1},
            {"user_id": 3, "activity_date": LAST, "is_active": False, "scans_completed": 0},
        ],
    }
    return Snapshot(publish(tmp_path, together(rows, case_of(1, 2, 3)), LAST))


def test_money_and_decisions_are_those_of_the_cases(snapshot: Snapshot) -> None:
    told = trust.kpis(snapshot)
    opened = [case for case in CASES if case["state"] == "open"]
    assert told["open_cases"] == len(opened) == 3
    assert told["open_usd"] == sum(float(case["amount_at_risk_usd"]) for case in opened) == 70
    assert told["expected_loss_usd"] == pytest.approx(20 * 0.95 + 50 * 0.30)
    assert told["open_with_money"] == 2
    by_state = Counter(case["state"] for case in CASES)
    assert {state: told[state] for state in ("confirmed", "cleared", "held")} == {
        state: number for state, number in by_state.items() if state != "open"
    }
    assert (told["news"], told["on_gone_cases"], told["late_rewards"], told["late_usd"]) == (1, 2, 2, 11)


def test_the_numbers_are_those_of_a_query_written_otherwise(snapshot: Snapshot) -> None:
    with duckdb.connect(str(snapshot.file), read_only=True, config=LOCKED_DOWN) as con:
        told = con.execute(
            "select sum(case state when 'open' then amount_at_risk_usd end)::double,"
            " sum(if(state = 'open', amount_at_risk_usd * score / 100, 0))::double,"
            " count_if(state in ('confirmed', 'cleared', 'held')) from gold.fct_review_case"
        ).fetchone()
    row = trust.kpis(snapshot)
    assert told == (row["open_usd"], row["expected_loss_usd"], row["confirmed"] + row["cleared"] + row["held"])


@pytest.mark.parametrize(
    ("view", "numbers"),
    [
        (TrustView(), [1, 2, 3]),
        (TrustView(kind="payment_error"), [3]),
        (TrustView(status="news"), [4]),
        (TrustView(status="confirmed"), [4, 5]),
        (TrustView(status="held", kind="payment_error"), []),
        (TrustView(status="all"), [1, 2, 3, 4, 7, 5, 6]),
    ],
)
def test_the_queue_has_the_greatest_expected_loss_first(snapshot: Snapshot, view: TrustView, numbers: list) -> None:
    assert [*trust.queue(snapshot, view)["case_id"]] == [f"group-{number}" for number in numbers]


def test_overdue_rewards_are_ours_first_the_oldest_of_them_first(snapshot: Snapshot) -> None:
    assert [*trust.overdue(snapshot)["referral_id"]] == [2, 1, 3, 4]


def test_a_case_has_its_people_referrals_and_what_ties_them(snapshot: Snapshot) -> None:
    people = trust_case.people(snapshot, "group-1").set_index("user_id")
    assert [*people.index] == [1, 2, 3], "whoever invited most is first"
    assert people.loc[1, "invited"] == 2
    assert [*people.loc[2][["active_days", "scans", "people"]]] == [2, 3, 3]
    assert people.loc[3, "active_days"] == 0
    referrals = trust_case.referrals(snapshot, "group-1")
    assert [*zip(referrals["referral_id"], referrals["paid_usd"], strict=True)] == [(102, 6.0), (103, 0.0)]
    ties = trust_case.ties(snapshot, "group-1", people.reset_index())
    assert {*zip(ties["low_user_id"], ties["high_user_id"], ties["kind"], strict=True)} == {
        (1, 2, "referral"), (1, 3, "referral"), (2, 3, "device"), (2, 3, "payment"),
    }, "9 and 50 are no people of the case"  # fmt: skip


def test_a_mistake_of_the_ledger_shows_both_sides_of_its_referral(tmp_path: Path) -> None:
    rows = case_of(1, 2)
    rows["fct_review_case_member"] = [row for row in rows["fct_review_case_member"] if row["entity_type"] == "referral"]
    found = trust_case.people(Snapshot(publish(tmp_path, rows, LAST)), "group-1")
    assert [*found["user_id"]] == [1, 2]


@pytest.mark.parametrize("nothing", ["group-99", "", "' or 1=1 --"])
def test_a_case_that_is_not_there_is_empty(snapshot: Snapshot, nothing: str) -> None:
    assert trust_case.case(snapshot, nothing) is None
    for query in (trust_case.signals, trust_case.referrals, trust_case.people):
        assert query(snapshot, nothing).empty


def test_signals_are_counted_by_type_and_by_monday_week_of_the_period(snapshot: Snapshot) -> None:
    covered = bounds(snapshot)
    by_type = trust_signals.by_type(snapshot, MARCH, covered)
    assert [*zip(by_type["signal_type"], by_type["signals"], by_type["cases"], strict=True)] == [
        ("self_referral_device", 3, 2), ("overdue_reward", 1, 0), ("velocity_burst", 1, 1),
    ]  # fmt: skip
    assert by_type["amount_at_risk_usd"].iloc[0] == 21
    by_week = trust_signals.by_week(snapshot, MARCH, covered)
    assert [(f"{row['week_start']:%m-%d}", row["signal_type"], row["signals"]) for _, row in by_week.iterrows()] == [
        ("03-02", "overdue_reward", 1),
        ("03-16", "self_referral_device", 1),
        ("03-23", "self_referral_device", 2),
        ("03-30", "velocity_burst", 1),
    ]
    assert by_week["signals"].sum() == by_type["signals"].sum()
    assert not by_week["is_settled"].any(), "5 weeks after 23 Feb end on 30 Mar; 2 Mar is younger"
    earlier = Filters(date(2026, 3, 2), date(2026, 3, 3))
    assert [*trust_signals.by_week(snapshot, earlier, covered)["signals"]] == [1]


def test_clusters_know_their_case_and_the_suspicious_ones_lead(tmp_path: Path) -> None:
    clusters = [
        {"cluster_id": 1, "users": 9, "referral_usd": "90", "is_suspicious": False},
        {"cluster_id": 2, "users": 3, "referral_usd": "10", "is_suspicious": True},
        {"cluster_id": 3, "users": 4, "referral_usd": "20", "is_suspicious": True},
    ]
    about = [trust_signal("cluster|2", "shared_device_cluster", LAST, case_id="group-7")]
    snapshot = Snapshot(publish(tmp_path, {"fct_trust_cluster": clusters, "fct_trust_safety_signals": about}, LAST))
    rows = trust_signals.clusters(snapshot)
    assert [*rows["cluster_id"]] == [3, 2, 1]
    assert rows["case_id"].iloc[1] == "group-7"
    assert rows["case_id"].isna().sum() == 2
