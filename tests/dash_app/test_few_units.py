"""Below 20 units a rate is shown as an interval, wherever it is shown; from 20 on with what it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dash import dcc

from dash_app.components.rate_bars import step_bar
from tests.dash_app.snapshots import (
    active_day,
    invitations,
    k_cohort,
    k_factors,
    onboarding_week,
    publish,
    referral,
    scan_week,
    school,
    school_score,
    user,
)
from tests.dash_app.test_pages import body, every, words

LAST = date(2026, 3, 31)
WEEK, FEBRUARY, JANUARY = date(2026, 1, 5), date(2026, 2, 1), date(2026, 1, 1)
VIEWS_WITH_RATES = ("product", "referral", "network")
#: A percentage that is no end of an interval.
ALONE = re.compile(r"(?<!to )(?<![\d.-])\d+(?:\.\d+)?%(?! to)")


def publish_rates(root: Path, of: int) -> None:
    """Every rate of the three views, of so many units; a third of them did it."""
    third = of // 3
    retained = {
        "platform": "all", "users": of, "mature_users": of, "retained_users": third, "retained_share": third / of,
        "contributing_users": 1, "contributing_share": 1 / of, "is_observed": True, "is_mature": True,
    }  # fmt: skip
    months = [{"cohort_grain": "month", "cohort_start": month} for month in (JANUARY, FEBRUARY)]
    publish(
        root,
        {
            "dim_school": [school(10, "Oak", "CA")],
            "dim_user": [user(1, WEEK, 10)],
            "fct_user_day": [active_day(1, LAST)],
            "fct_onboarding_step": onboarding_week(WEEK, of, of, third, third),
            "fct_activation_cohort": [
                {"cohort_week": WEEK, "platform": "all", "users": of, "mature_users": of, "activated_users": third,
                 "is_observed": True, "is_mature": True}
            ],
            "fct_scan_funnel_week": [scan_week(WEEK, "ios", of, third)],
            "fct_retention_week": [
                {"cohort_week": date(2026, 1, 26), "week_number": number} | retained for number in (1, 4)
            ],
            "fct_first_action_curve": [
                {"action": "either", "user_type": "all", "day": day, "users_at_risk": of - acted, "users_acting": 1,
                 "incidence": (acted + 1) / of, "incidence_low": 0.01, "incidence_high": 0.5}
                for acted, day in enumerate((0, 7))
            ],
            "fct_driver": [
                {"outcome": outcome, "candidate": "uses_ios", "users": 2 * of, "users_with": of, "reached_with": third,
                 "share_with": third / of, "users_without": of, "reached_without": 1, "share_without": 1 / of,
                 "odds_ratio": 2, "odds_ratio_low": 1, "odds_ratio_high": 4, "is_associated": False}
                for outcome in ("retained", "activated")
            ],
            "fct_referral_funnel_week": [invitations(WEEK, "sms", sent=of, clicked=third, applied=of, eligible=third)],
            "fct_referral": [
                referral(number, LAST, applied_at=f"{LAST} 01:00:00", is_within_48h=number < third)
                for number in range(of)
            ],
            "fct_referral_ending": [
                {"cohort_week": date(2026, 3, 30), "rule_outcome": "open", "award_state": "none", "referrals": of,
                 "is_ended": False}
            ],
            "fct_k": [
                k_cohort(of, of, of, of, third),
                *(k_cohort(100, of, of, of, third - n, **month) for n, month in enumerate(months)),
            ],
            "fct_k_change": k_factors(
                "month", FEBRUARY, JANUARY, None, inviter_share=0, invitations_per_inviter=0, application_rate=0,
                eligibility_rate=0.1,
            ),
            "fct_school_scorecard": [
                school_score(10, of, of, third, None, outbound_referrals=of, top_sender_user_id=1,
                             top_sender_referrals=third)
            ],
        },
        LAST,
    )  # fmt: skip


def told(parts: Any) -> Iterator[str]:
    """All that one can read of components: text, and what a chart writes in it and says under the pointer."""
    yield words(parts)
    for graph in (part for part in every(parts) if isinstance(part, dcc.Graph)):
        for trace in graph.figure.data:
            for texts in (trace.hovertext, trace.text):
                yield from () if texts is None else [texts] if isinstance(texts, str) else (str(one) for one in texts)


def shown(view: str) -> str:
    return "\n".join(told(body(view)))


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    publish_rates(tmp_path, 12)


@pytest.fixture
def enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    publish_rates(tmp_path, 24)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("view", "of_other_things"),
    [
        ("product", {"1.0%", "50.0%"}),  # the ends of the curve's interval have columns of their own
        ("referral", set()),
        ("network", {"12.0%", "90%"}),  # of the 100 users of a month; a probability
    ],
)
def test_no_percentage_of_few_units_stands_alone(view: str, of_other_things: set[str]) -> None:
    assert {*ALONE.findall(shown(view))} == of_other_things


@pytest.mark.usefixtures("enough")
@pytest.mark.parametrize("view", VIEWS_WITH_RATES)
def test_twenty_units_are_enough_for_one(view: str) -> None:
    assert "33.3%" in ALONE.findall(shown(view))


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("view", "card", "says"),
    [
        ("product", "kpi-activation", "14% to 61% "),
        ("product", "kpi-retention", "14% to 61% 4 of 12 users: too few for a rate"),
        ("product", "kpi-scans", "14% to 61% "),
        ("product", "product-onboarding", "14% to 61% of the 12 before, 8 lost"),
        ("product", "product-retention", "14-61%"),
        ("product", "product-retention", "scanned or bought: 1 of 12 people: too few for a rate, 1% to 35%"),
        ("product", "product-first-action", "2 of 12: too few for a rate, 1% to 50% by day 7"),
        ("product", "product-first-action", "1 of 12: too few for a rate, 1% to 50% by the end of day 0"),
        ("product", "product-drivers-retained", "of those who did: 4 of 12: too few for a rate, 14% to 61%"),
        ("referral", "kpi-conversion", "14% to 61% "),
        ("referral", "kpi-in-time", "14% to 61% "),
        ("referral", "kpi-awarded", "51% to 100% "),
        ("referral", "referral-funnel", "14% to 61% of the 12 before, 8 lost"),
        ("referral", "referral-funnel", "more than the 4 before"),
        ("referral", "referral-endings", "76% to 100%"),
        ("network", "network-chain", "14% to 61% become eligible 4 of 12"),
        ("network", "network-change", "14% to 61% → 9% to 53%"),
        ("network", "network-change", "3 of 12: too few for a rate, 9% to 53%"),
        ("network", "network-scorecard", "4 of 12: too few for a rate, 14% to 61%"),
    ],
)
def test_few_units_are_an_interval(view: str, card: str, says: str) -> None:
    assert says in "\n".join(told([part for part in every(body(view)) if getattr(part, "id", "") == card]))


@pytest.mark.usefixtures("enough")
@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("product", "33.3% of the 24 before, 16 lost"),
        ("product", "came back: 8 of 24 people (33.3%)"),
        ("product", "8 of 24 (33.3%) in week 4"),
        ("product", "8.3% (2 of 24) by day 7"),
        ("network", "33.3% become eligible 8 of 24"),
        ("network", "8 of 24 (33.3%) 7 of 24 (29.2%)"),
    ],
)
def test_a_rate_is_told_with_its_numerator_and_denominator(view: str, says: str) -> None:
    assert says in shown(view)


@pytest.mark.usefixtures("few")
def test_a_cohort_of_few_has_no_colour_to_be_compared_by() -> None:
    card = next(part for part in every(body("product")) if getattr(part, "id", "") == "product-retention")
    coloured, grey = next(part.figure.data for part in every(card) if isinstance(part, dcc.Graph))
    assert {*coloured.z} == {None}
    assert None not in grey.z


def test_the_first_step_of_a_funnel_has_none_before() -> None:
    assert step_bar("Sent", 5, float("nan")).detail == ""
