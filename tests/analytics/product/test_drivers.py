"""Drivers: a hand-worked pooled odds ratio, what stratifying does to a confounded behaviour, and what is not judged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from include.analytics.product.drivers import (
    COLUMNS,
    FALSE_DISCOVERY_RATE,
    LEAST_USERS,
    QUESTIONS,
    STRATA,
    association,
    drivers,
)

FLAGS = sorted({name for question in QUESTIONS for name in question.candidates})


def people(did: list[bool], reached: list[bool], stratum: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"candidate": did, "has_outcome": reached, "stratum": stratum})


def of_table(counts: tuple[int, int, int, int], stratum: str) -> pd.DataFrame:
    """Users of one stratum: did and reached, did and not, did not and reached, did not and not."""
    cells = np.repeat(np.arange(4), counts)
    return people(list(cells < 2), list(cells % 2 == 0), [stratum] * len(cells))


def world(users: int, seed: int) -> pd.DataFrame:
    """Scanning early keeps people; who scans early adds a means of payment more often, which does nothing."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({name: rng.random(users) < 0.5 for name in FLAGS})
    table["added_payment"] = rng.random(users) < np.where(table["scanned_receipt"], 0.8, 0.2)
    chance = 0.3 + 0.3 * table["scanned_receipt"]
    return table.assign(
        outcome="retained",
        user_id=np.arange(users),
        has_outcome=rng.random(users) < chance,
        cohort_month=rng.choice(["2026-01-01", "2026-02-01"], users),
        marketing_channel=rng.choice(["organic", "paid_social"], users),
        user_type=rng.choice(["parent", "teacher"], users),
    )


def test_the_pooled_odds_ratio_is_that_of_mantel_and_haenszel():
    users = pd.concat([of_table((20, 10, 10, 20), "a"), of_table((5, 20, 2, 30), "b")])
    found = association(users, "candidate", ("stratum",))
    assert found.odds_ratio == pytest.approx((20 * 20 / 60 + 5 * 30 / 57) / (10 * 10 / 60 + 20 * 2 / 57))
    assert found.low < found.odds_ratio < found.high
    assert found.informative_users == 117


def test_a_stratum_where_all_did_it_or_all_reached_it_says_nothing():
    telling = of_table((20, 10, 10, 20), "a")
    silent = pd.concat([of_table((50, 7, 0, 0), "b"), of_table((9, 0, 9, 0), "c"), of_table((1, 0, 0, 0), "d")])
    alone, together = (
        association(users, "candidate", ("stratum",)) for users in (telling, pd.concat([telling, silent]))
    )
    assert together == alone


def test_a_behaviour_of_few_is_not_judged():
    enough, too_few = of_table((10, LEAST_USERS - 10, 30, 30), "a"), of_table((10, LEAST_USERS - 11, 30, 30), "a")
    assert association(enough, "candidate", ("stratum",)).odds_ratio == pytest.approx(1)
    assert np.isnan(association(too_few, "candidate", ("stratum",)).p_value)


def test_when_all_who_did_it_reached_it_no_ratio_is_given():
    assert np.isnan(association(of_table((30, 0, 20, 20), "a"), "candidate", ("stratum",)).odds_ratio)


def test_a_confounded_behaviour_is_called_only_without_the_qualifying_actions_in_the_comparison():
    users = world(20_000, seed=3)
    crude = association(users, "added_payment", STRATA)
    assert crude.low > 1.5
    table = drivers(users).set_index(["outcome", "candidate"]).loc["retained"]
    assert table.loc["added_payment", "odds_ratio_low"] < 1 < table.loc["added_payment", "odds_ratio_high"]
    assert table.loc["added_payment", "crude_odds_ratio"] == pytest.approx(crude.odds_ratio)
    assert table.loc["scanned_receipt", "odds_ratio"] == pytest.approx((0.6 / 0.4) / (0.3 / 0.7), rel=0.1)
    assert table.index[table["is_associated"].astype(bool)].tolist() == ["scanned_receipt"]


def test_calls_keep_the_false_discovery_rate_over_one_outcome():
    table = drivers(world(3000, seed=4))
    judged = table[table["p_value"].notna()]
    expected = false_discovery_control(judged["p_value"], method="by")
    assert judged["p_value_adjusted"].to_numpy() == pytest.approx(expected, abs=1e-8)
    assert (judged["is_associated"] == (expected <= FALSE_DISCOVERY_RATE)).all()


def test_without_users_every_candidate_has_a_row_and_no_verdict():
    table = drivers(world(0, seed=1))
    assert list(table.columns) == COLUMNS
    assert len(table) == sum(len(question.candidates) for question in QUESTIONS)
    assert table["is_associated"].isna().all()


def test_the_order_of_users_changes_nothing():
    users = world(500, seed=2)
    pd.testing.assert_frame_equal(drivers(users), drivers(users.sample(frac=1, random_state=1)), check_exact=True)
