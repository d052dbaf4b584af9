"""Scenarios change what they say and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.scenarios.scenario import (
    FIGURES,
    HORIZONS,
    Levers,
    ScenarioError,
    break_even_bonus,
    chance_above,
    scenario,
    totals,
)

COMPONENTS = [
    *(f"{source}_{side}_usd" for source in ("due", "pipeline", "new") for side in ("referrer", "referred")),
    "redeemed_outstanding_usd", "redeemed_future_usd", "withheld_outstanding_usd", "withheld_future_usd",
    "unpaid_gained_usd", "unpaid_settled_usd", "liability_start_usd",
]  # fmt: skip
OPTIONS = pd.DataFrame(
    [
        (48, "scan_or_link", True, 200, 200),
        (72, "scan_or_link", False, 250, 200),
        (48, "link_required", False, 150, 150),
    ],
    columns=["window_hours", "qualifying", "is_in_force", "eligible_referrals", "eligible_in_both"],
).assign(referrals=1000)


def futures(seed: int, scale: float = 1000.0, paths: int = 200) -> pd.DataFrame:
    """Any published futures, as fct_forecast_path holds them."""
    rng = np.random.default_rng(seed)
    frames = []
    for horizon in HORIZONS:
        frame = pd.DataFrame({name: np.round(rng.gamma(2.0, scale * horizon / 180, paths), 4) for name in COMPONENTS})
        frame.insert(0, "horizon_days", horizon)
        frames.append(frame.assign(price_referrer_usd=5.0, price_referred_usd=6.0, new_referrals=100.0))
    return pd.concat(frames, ignore_index=True)


@given(
    seed=st.integers(0, 10_000),
    scale=st.sampled_from([0.01, 1.0, 1234.5, 1e6]),
    shift=st.floats(0.2, 5.0),
)
@settings(max_examples=25, deadline=None)
def test_a_scenario_without_changes_equals_the_forecast_to_the_cent(seed: int, scale: float, shift: float):
    paths = futures(seed, scale, paths=50)
    published = totals(paths)
    pd.testing.assert_frame_equal(scenario(paths, published, OPTIONS), published, check_exact=True)
    # where a rival is published its totals are others, and stand too
    rival = published.assign(**{name: (published[name] * shift).round(2) for name in FIGURES})
    pd.testing.assert_frame_equal(scenario(paths, rival, OPTIONS), rival, check_exact=True)
    same = Levers(window_hours=48, qualifying="scan_or_link")
    pd.testing.assert_frame_equal(scenario(paths, published, OPTIONS, same), published, check_exact=True)


def test_decimals_as_the_database_holds_them_are_fine():
    paths = futures(1)
    published = totals(paths).astype(dict.fromkeys(FIGURES, object))
    assert scenario(paths, published, OPTIONS)["expected"].tolist() == published["expected"].tolist()


def expected(
    levers: Levers, measure: str = "awards_usd", horizon: int = 90, paths: pd.DataFrame | None = None
) -> float:
    paths = futures(1) if paths is None else paths
    rows = scenario(paths, totals(paths), OPTIONS, levers).set_index(["measure", "horizon_days"])
    return float(rows.loc[(measure, horizon), "expected"])


def part(*names: str, horizon: int = 90) -> float:
    paths = futures(1)
    return float(paths[paths["horizon_days"] == horizon][list(names)].sum(axis=1).mean())


def test_conversion_and_volume_move_what_is_sent_from_now_on_alone():
    base = expected(Levers())
    new = part("new_referrer_usd", "new_referred_usd")
    assert expected(Levers(conversion_factor=1.2)) == pytest.approx(base + 0.2 * new, abs=0.02)
    assert expected(Levers(volume_factor=0.5)) == pytest.approx(base - 0.5 * new, abs=0.02)
    assert expected(Levers(conversion_factor=1.2, volume_factor=0.5)) == pytest.approx(base - 0.4 * new, abs=0.02)


def test_points_are_added_to_the_conversion_in_force():
    # 20 % and 5 points are a quarter more
    assert expected(Levers(conversion_points=5.0)) == expected(Levers(conversion_factor=1.25))


def test_a_bonus_per_side_holds_for_what_is_not_due_yet():
    base = expected(Levers())
    side = part("pipeline_referrer_usd", "new_referrer_usd")
    assert expected(Levers(referrer_bonus_usd=7.5)) == pytest.approx(base + 0.5 * side, abs=0.02)
    assert expected(Levers(referrer_bonus_usd=5.0, referred_bonus_usd=6.0)) == base


def test_redemption_moves_redemptions_and_what_is_owed():
    spent = expected(Levers(), "redemptions_usd")
    more = Levers(redemption_factor=1.1)
    assert expected(more, "redemptions_usd") == pytest.approx(1.1 * spent, abs=0.02)
    assert expected(more, "liability_usd") == pytest.approx(expected(Levers(), "liability_usd") - 0.1 * spent, abs=0.05)
    assert expected(more) == expected(Levers())


def test_rules_move_new_referrals_by_what_they_let_through():
    base, new = expected(Levers()), part("new_referrer_usd", "new_referred_usd")
    assert expected(Levers(window_hours=72)) == pytest.approx(base + 0.25 * new, rel=0.03)
    assert expected(Levers(qualifying="link_required")) == pytest.approx(base - 0.25 * new, rel=0.03)


def test_the_break_even_bonus_brings_awards_back_to_the_forecast():
    paths = futures(1)
    bonus = break_even_bonus(paths, OPTIONS, Levers(conversion_factor=1.3))
    assert bonus is not None
    assert bonus < 5.5
    evened = Levers(conversion_factor=1.3, referrer_bonus_usd=bonus, referred_bonus_usd=bonus)
    assert expected(evened) == pytest.approx(expected(Levers()), rel=0.002)  # the bonus is rounded to the cent
    assert break_even_bonus(paths, OPTIONS, Levers(), total_usd=1.0) is None


def test_the_chance_to_exceed_a_budget_counts_futures():
    paths = futures(1)
    published = totals(paths)
    assert chance_above(0.0, paths, published, OPTIONS) == 1.0
    at_95 = published.set_index(["measure", "horizon_days"]).loc[("awards_usd", 90), "upper_95"]
    assert chance_above(at_95, paths, published, OPTIONS) == pytest.approx(0.025, abs=0.01)
    dearer = Levers(conversion_factor=2.0)
    assert chance_above(at_95, paths, published, OPTIONS, dearer) > 0.2


def test_a_lever_that_cannot_be_pulled_says_what_it_takes():
    with pytest.raises(ScenarioError, match=r"volume_factor is -1: give a factor from 0 to 10"):
        Levers(volume_factor=-1)
    with pytest.raises(ScenarioError, match=r"No option with 50 h and scan_or_link: choose from 48 h"):
        expected(Levers(window_hours=50))
    with pytest.raises(ScenarioError, match="no mature referral has been eligible"):
        totals(futures(1), Levers(conversion_points=1.0), OPTIONS.assign(eligible_referrals=0))


def test_without_futures_everything_is_zero():
    none = futures(1).head(0)
    assert (totals(none)["expected"] == 0).all()
    assert break_even_bonus(none, OPTIONS, Levers()) is None
    assert chance_above(1.0, none, totals(none), OPTIONS) == 0.0
