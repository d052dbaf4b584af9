"""What a case goes through: evidence grows, the day is run again, a reviewer decides, a correction takes it away."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.settings import Paths
from tests.support.builds import build_models
from tests.support.gold import gold_tables
from tests.support.landing import Row, land_day

pytestmark = pytest.mark.slow
FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)
REFERRER, FARM = 1, "phone-of-the-farm"


def user(user_id: int, day: date, device: str | None = None, email: str = "") -> Row:
    return {
        "user_id": user_id, "email": email or f"person{user_id}@example.org", "created_at": f"{day} 10:00:00",
        "user_type": "parent", "school_id": None, "device_id": device,
    }  # fmt: skip


def referral(user_id: int, day: date) -> Row:
    """The invitation of REFERRER that brought that user; its id is the user's times ten."""
    return {
        "referral_id": user_id * 10, "referrer_user_id": REFERRER, "referral_code": f"code-{user_id}",
        "referred_user_id": user_id, "sent_at": f"{day} 09:00:00", "status": "converted",
    }  # fmt: skip


def steps(user_id: int, day: date) -> list[Row]:
    """All that the programme asks of a newcomer, and the bonus for it."""
    hours = {
        "install": 10,
        "referral_applied": 11,
        "onboarding_complete": 12,
        "school_linked": 13,
        "reward_awarded": 14,
    }
    return [
        {"event_id": f"{user_id}-{step}", "user_id": user_id, "event_type": step, "event_at": f"{day} {hour}:00:00",
         "referral_id": None if step in ("install", "school_linked") else user_id * 10,
         "metadata_json": json.dumps({"school_id": 1} if step == "school_linked" else {})}
        for step, hour in hours.items()
    ]  # fmt: skip


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, list[dict[str, Any]]]]:
    """Gold after the first day, after the second, and after the second was run again."""
    paths = Paths(tmp_path_factory.mktemp("cases"))
    # 2 and 3 share a phone and one referrer; 5 and 6 share a tablet, and nobody invited anybody; 4 is REFERRER's alias
    land_day(
        paths,
        FIRST,
        {
            "schools": [{"school_id": 1, "name": "School", "created_at": "2020-01-01"}],
            "users": [
                user(REFERRER, FIRST, "own-phone", "Tracy.M@gmail.com"), user(2, FIRST, FARM), user(3, FIRST, FARM),
                user(4, FIRST, None, "tracym+friend@gmail.com"), user(5, FIRST, "tablet"), user(6, FIRST, "tablet"),
            ],
            "referrals": [referral(who, FIRST) for who in (2, 3, 4)],
            "events": [row for who in (2, 3, 4) for row in steps(who, FIRST)],
        },
    )  # fmt: skip
    build_models(FIRST, FIRST, paths, "path:models/marts/trust")
    seen = [gold(paths.warehouse)]
    decision = {"reason": "three phones, one person", "reviewer": "Ann", "decided_at": f"{SECOND} 15:00:00"}
    land_day(
        paths,
        SECOND,
        {
            "users": [user(7, SECOND, FARM)],
            "referrals": [referral(7, SECOND)],
            "events": steps(7, SECOND),
            "review_decisions": [
                {"case_id": "group-1", "decision": "confirmed", **decision},
                {"case_id": "group-77", "decision": "held", **decision},
            ],
        },
    )
    for _ in range(2):
        build_models(SECOND, SECOND, paths, "path:models/marts/trust")
        seen.append(gold(paths.warehouse))
    return seen


def gold(warehouse: Path) -> dict[str, list[dict[str, Any]]]:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        columns = {
            name: [row[0] for row in con.execute(f"describe gold.{name}").fetchall()] for name in gold_tables(warehouse)
        }
    return {
        name: [dict(zip(columns[name], row, strict=True)) for row in rows]
        for name, rows in gold_tables(warehouse).items()
    }


def signals(day: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    return {row["signal_id"]: row for row in day["fct_trust_safety_signals"]}


def test_the_same_evidence_has_the_same_id_and_moment_on_the_next_day(days):
    first, second = signals(days[0]), signals(days[1])
    assert {"shared_device_cluster|cluster|2", "self_referral_email|referral|40"} <= first.keys()
    for signal_id in ("shared_device_cluster|cluster|2", "self_referral_email|referral|40"):
        assert first[signal_id]["detected_at"] == second[signal_id]["detected_at"]
        assert first[signal_id]["case_id"] == second[signal_id]["case_id"] == "group-1"
    assert (first["shared_device_cluster|cluster|2"]["grade"], second["shared_device_cluster|cluster|2"]["grade"]) == (
        "two",
        "three_or_more",
    )


def test_a_decision_changes_the_state_and_fills_the_fraud_filter(days):
    (before,), (after,) = (
        [row for row in day["fct_review_case"] if row["case_id"] == "group-1"] for day in (days[0], days[1])
    )
    assert (before["state"], before["queue_position"]) == ("open", 1)
    assert (after["state"], after["queue_position"], after["decision_reason"]) == (
        "confirmed",
        None,
        "three phones, one person",
    )
    filtered = {(row["entity_type"], row["entity_id"], row["decision"]) for row in days[1]["fct_fraud_filter"]}
    assert filtered == {
        *(("user", who, "confirmed") for who in (1, 2, 3, 4, 7)),
        *(("referral", who, "confirmed") for who in (20, 30, 40, 70)),
    }
    assert days[0]["fct_fraud_filter"] == []


def test_a_decision_on_an_unknown_case_is_kept_and_counted(days):
    known = {row["case_id"]: row["is_known_case"] for row in days[1]["fct_review_decision"]}
    assert known == {"group-1": True, "group-77": False}


def test_a_household_is_a_cluster_and_no_case(days):
    clusters = {row["cluster_id"]: row["is_suspicious"] for row in days[1]["fct_trust_cluster"]}
    assert clusters == {1: True, 2: True, 5: False}
    assert not {5, 6} & {row["user_id"] for row in days[1]["fct_review_case_member"]}


def test_a_day_run_again_changes_nothing(days):
    assert days[1] == days[2]


def test_evidence_names_no_identifier_and_no_reviewer(days):
    texts = json.dumps(days[1], default=str)
    assert "shared_kind" in texts
    assert [secret for secret in (FARM, "tablet", "tracym", "Ann") if secret in texts] == []
