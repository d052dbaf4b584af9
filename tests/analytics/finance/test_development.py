"""Hazards and development by age: hand-worked, and beside chainladder."""

from __future__ import annotations

import chainladder as cl
import numpy as np
import pandas as pd
import pytest

from include.analytics.finance.development import (
    additive,
    blended,
    bornhuetter_ferguson,
    convolve,
    draw_hazards,
    from_pending,
    hazards,
    timing,
)
from include.analytics.finance.life_table import SETTLING_DAYS, Development, life_table

DAYS = 10 + SETTLING_DAYS  # ten settled days


def of_units(starts: list[int], ends: list[int], ages: int = 4) -> Development:
    """One unit each."""
    return life_table(DAYS, ages, np.array(starts), np.array(ends), np.ones(len(starts)))


def test_a_hazard_is_events_over_units_still_at_risk():
    # four units of day 0: one ends at age 0, one at age 2, two never; a fifth of day 8 has reached age 1 only
    step = of_units([0, 0, 0, 0, 8], [0, 2, -1, -1, -1])
    assert step.at_risk.tolist() == [5, 4, 3, 2]
    assert step.exposed.tolist() == [5, 5, 4, 4]
    assert step.events.tolist() == [1, 0, 1, 0]
    assert hazards(step).tolist() == [1 / 5, 0, 1 / 3, 0]


def test_days_that_have_not_settled_enter_no_hazard_but_their_units_are_pending():
    step = of_units([9, 10, 16], [9, 10, -1])
    assert step.at_risk.tolist() == [1, 0, 0, 0]  # of day 9 its age 0 alone has settled
    assert step.events.tolist() == [1, 0, 0, 0]
    assert step.pending.tolist() == [1, 0, 0, 0]  # sent on the last day before the origin


def test_timing_is_a_distribution_and_its_survivors():
    falls, still = timing(np.array([0.5, 0.5, 0.0]))
    assert falls.tolist() == [0.5, 0.25, 0.0]
    assert still.tolist() == [0.5, 0.25, 0.25]


def test_pending_units_go_on_from_their_age():
    # ten of age 0, four of age 1; hazards by age 0.2, 0.5, 0.25: tomorrow 10 x 0.5 + 4 x 0.25, then 10 x 0.5 x 0.25
    steps = from_pending(np.array([10.0, 4.0, 0.0]), np.array([[0.2, 0.5, 0.25]]), 3)
    assert steps[0] == pytest.approx([6.0, 1.25, 0.0])


def test_a_flow_is_followed_by_its_delays():
    assert convolve(np.array([[2.0, 0.0, 1.0]]), np.array([[0.5, 0.25]]), 4)[0] == pytest.approx([1.0, 0.5, 0.5, 0.25])


def test_drawn_hazards_have_the_mean_and_spread_of_their_counts():
    step = Development(np.array([30.0]), np.array([100.0]), np.array([100.0]), np.array([0.0]))
    drawn = draw_hazards(np.random.default_rng(1), step, 1.0, 20_000)[:, 0]
    assert drawn.mean() == pytest.approx(0.3, abs=0.005)
    assert drawn.std() == pytest.approx(np.sqrt(0.3 * 0.7 / 102), rel=0.05)  # Beta(30.3, 70.7)


def test_additive_development_agrees_with_chainladder_on_dense_months():
    rng = np.random.default_rng(7)
    months, ages = 12, 12
    awards = rng.integers(80, 120, months).astype(float)
    shares = np.array([0.1, 0.2, 0.1, 0.08, 0.05, 0.04, 0.03, 0.02, 0.01, 0.01, 0.005, 0.005])
    redeemed = rng.gamma(awards[:, None] * shares[None, :] * 20) / 20
    rows = [
        {
            "origin": pd.Timestamp(2025, month + 1, 1),
            "at": pd.Timestamp(2025, month + age + 1, 1),
            "usd": redeemed[month, age],
        }
        for month in range(months)
        for age in range(ages)
        if month + age < months
    ]
    triangle = cl.Triangle(
        pd.DataFrame(rows), origin="origin", development="at", columns="usd", origin_format="%Y-%m-%d",
        development_format="%Y-%m-%d", cumulative=False,
    )  # fmt: skip
    exposure = triangle.latest_diagonal * 0 + awards[None, None, :, None]
    theirs = cl.IncrementalAdditive(average="volume").fit(triangle.incr_to_cum(), sample_weight=exposure)
    # ours, in months as if they were days and all of them settled
    starts = [month for month in range(months) for age in range(ages - month)]
    ends = [month + age for month in range(months) for age in range(ages - month)]
    ours = additive(
        life_table(
            months + SETTLING_DAYS,
            ages,
            starts=np.concatenate([np.arange(months), starts]),
            ends=np.concatenate([np.full(months, -1), ends]),
            weight=np.concatenate(
                [awards, [redeemed[start, end - start] for start, end in zip(starts, ends, strict=True)]]
            ),
            is_unit=np.arange(months + len(starts)) < months,
        )
    )
    assert ours == pytest.approx(theirs.zeta_.values[0, 0, 0], rel=1e-9)
    # what each cohort has still to come, by cohort
    still = np.array([awards[month] * ours[months - month :].sum() for month in range(months)])
    ahead = np.arange(months)[:, None] + np.arange(ages)[None, :] >= months
    assert still == pytest.approx((np.nan_to_num(theirs.incremental_.values[0, 0]) * ahead).sum(axis=1), rel=1e-9)


def test_bornhuetter_ferguson_agrees_with_chainladder():
    triangle = cl.load_sample("ukmotor")
    exposure = triangle.latest_diagonal * 0 + 20_000.0
    model = cl.BornhuetterFerguson(apriori=0.7).fit(triangle, sample_weight=exposure)
    to_ultimate = model.cdf_.values[0, 0, 0]  # by age, the youngest first
    for place, so_far in enumerate(triangle.latest_diagonal.values[0, 0, :, 0]):
        ours = bornhuetter_ferguson(so_far, 20_000.0, 1 / to_ultimate[6 - place], 0.7)
        assert ours == pytest.approx(model.ultimate_.values[0, 0, place, 0], rel=1e-6)


def test_what_no_award_has_reached_is_paid_by_the_prior_and_what_many_have_reached_by_what_was_seen():
    prior = np.array([0.3, 0.2, 0.1])
    money = Development(np.array([0.0, 400.0, 0.0]), np.zeros(3), np.array([0.0, 1000.0, 0.0]), np.zeros(3))
    rate, exposure = blended(money, prior, 10.0)
    assert rate == pytest.approx([0.3, (400 + 10 * 0.2) / 1010, 0.1])
    assert exposure.tolist() == [10, 1010, 10]
