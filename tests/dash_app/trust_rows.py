"""Rows of the trust tables, typed in by a test."""

# ruff: noqa: DTZ001 - gold holds UTC without an offset, and so do these rows

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.dash_app.snapshots import Row, referral, user


def review_case(
    number: int, usd: str, score: int = 50, place: int | None = None, state: str = "open", **more: Any
) -> Row:
    """A row of fct_review_case, of a group of two whose smallest user is ``number``."""
    return {
        "case_id": f"group-{number}", "case_type": "group", "case_kind": "abuse", "state": state,
        "has_news_since_decision": False, "reasons": "self_referral_device", "score": score, "severity": "medium",
        "signals": 1, "users": 2, "referrals": 1, "amount_at_risk_usd": usd,
        "expected_loss_usd": float(usd) * score / 100, "first_detected_at": datetime(2026, 3, 2, 9),
        "last_detected_at": datetime(2026, 3, 20, 9), "queue_position": place,
    } | more  # fmt: skip


def trust_signal(about: str, signal_type: str, on: date, usd: str = "5", kind: str = "abuse", **more: Any) -> Row:
    """A row of fct_trust_safety_signals about ``about``, like ``referral|3``, complete on the day ``on`` at noon."""
    entity_type, entity_id = about.split("|")
    return {
        "signal_id": f"{signal_type}|{about}", "entity_type": entity_type, "entity_id": int(entity_id),
        "signal_type": signal_type, "grade": "applied", "kind": kind, "severity": "medium", "score": 60,
        "evidence_json": "{}", "detected_at": datetime.combine(on, datetime.min.time().replace(hour=12)),
        "referrals": 1, "amount_at_risk_usd": usd,
    } | more  # fmt: skip


def case_of(number: int, *newcomers: int) -> dict[str, list[Row]]:
    """The people and referrals of a case ``group-<number>`` in which that user invited the newcomers."""
    case = f"group-{number}"
    people = [(case, "user", who) for who in (number, *newcomers)]
    referrals = [(case, "referral", 100 * number + who) for who in newcomers]
    return {
        "fct_review_case_member": [
            {"case_id": case, "entity_type": kind, "entity_id": entity, f"{kind}_id": entity}
            for case, kind, entity in (*people, *referrals)
        ],
        "fct_referral": [
            referral(100 * number + who, date(2026, 3, 2), referrer_user_id=number, referred_user_id=who,
                     rule_outcome="eligible", award_state="awarded")
            for who in newcomers
        ],
        "dim_user": [user(who, date(2026, 3, 1)) for who in (number, *newcomers)],
    }  # fmt: skip


def overdue(referral_id: int, waiting_on: str, usd: str = "5", age: str = "> 7 d", **more: Any) -> Row:
    """A row of fct_overdue_reward."""
    return {
        "referral_id": referral_id, "reward_type": "referrer_bonus", "user_id": 1, "waiting_on": waiting_on,
        "pending_since": datetime(2026, 3, 1), "late_since": datetime(2026, 3, 3), "hours_late": 24.0,
        "age_bucket": age, "amount_usd": usd,
    } | more  # fmt: skip
