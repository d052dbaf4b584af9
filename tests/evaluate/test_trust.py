"""Cases held against labels, on a world of four cases."""

from __future__ import annotations

import pandas as pd
import pytest

from include.evaluate.trust import Judged, judge, pooled, report

CASES = pd.DataFrame(
    [
        ("group-1", "abuse", 95, "velocity_burst", 30.0, 28.5),
        ("referral-3", "payment_error", 90, "improper_award", 10.0, 9.0),
        ("group-5", "abuse", 80, "self_referral_email", 0.0, 0.0),
        ("referral-6", "abuse", 39, "circular_referral", 0.0, 0.0),
    ],
    columns=["case_id", "case_kind", "score", "reasons", "usd", "loss"],
)
MEMBERS = pd.DataFrame(
    [
        ("group-1", "referral", 1), ("group-1", "referral", 2), ("group-1", "user", 11),
        ("referral-3", "referral", 3), ("group-5", "referral", 5), ("group-5", "user", 15),
        ("referral-6", "referral", 6), ("referral-6", "user", 16),
    ],
    columns=["case_id", "entity_type", "entity_id"],
)  # fmt: skip
MONEY = pd.DataFrame({"referral_id": [1, 2, 3, 4], "usd": [20.0, 10.0, 10.0, 10.0]})
REFERRALS = pd.DataFrame(
    [
        (1, True, "velocity_burst", "easy"), (2, False, "", ""), (3, False, "", ""), (4, True, "device_farm", "hard"),
        (5, True, "self_referral_email", "easy"), (6, True, "circular", "easy"),
    ],
    columns=["referral_id", "is_abusive", "kind", "variant"],
)  # fmt: skip
ACCOUNTS = pd.DataFrame(
    [(11, "family_tablet", "innocent"), (16, "class_invitation", "innocent"), (15, "self_referral_email", "player")],
    columns=["user_id", "kind", "role"],
)


def judged(money: pd.DataFrame = MONEY) -> Judged:
    return judge("seed-1", CASES, MEMBERS, money, REFERRALS, ACCOUNTS)


def test_a_case_is_true_when_most_of_its_money_is_abusive_and_without_money_most_of_its_referrals():
    assert judged().cases["is_true"].tolist() == [True, False, True, True]


def test_half_of_the_money_is_not_most_of_it():
    half = MONEY.assign(usd=[10.0, 10.0, 10.0, 10.0])
    assert judged(half).cases["is_true"].tolist() == [False, False, True, True]


def test_found_is_what_a_strong_case_of_abuse_holds():
    referrals = judged().referrals
    assert referrals["kind"].tolist() == ["velocity_burst", "device_farm", "self_referral_email", "circular"]
    assert referrals["is_found"].tolist() == [True, False, True, False]  # not in a case; below forty points
    assert referrals["usd"].tolist() == [20, 10, 0, 0]


def test_an_innocent_is_flagged_by_a_strong_case_of_abuse():
    look_alikes = judged().look_alikes
    assert dict(zip(look_alikes["kind"], look_alikes["is_flagged"], strict=True)) == {
        "family_tablet": True,
        "class_invitation": False,
    }


def test_the_pooled_queue_is_ordered_by_expected_loss_over_all_worlds():
    other = judged()
    dearer = Judged(
        other.cases.assign(loss=other.cases["loss"] + 1, world="seed-2"), other.referrals, other.look_alikes
    )
    queue = pooled([judged(), dearer]).cases
    assert queue["loss"].is_monotonic_decreasing
    assert queue[["world", "case_id"]].to_numpy()[0].tolist() == ["seed-2", "group-1"]
    assert len(queue) == 8


@pytest.mark.parametrize("line", ["75.0% (3 of 4)", "66.7% ($20 of $30)", "100.0% (1 of 1)"])
def test_the_report_shows_shares_with_what_they_are_of(line: str):
    assert line in report(judged(), judged())
