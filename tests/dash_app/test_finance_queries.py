"""The numbers of the finance view, on rows typed in here."""

from datetime import date
from pathlib import Path

import pytest

from dash_app.components.acquisition_cost import costs_card
from dash_app.components.finance_kpis import kpi_cards
from dash_app.components.forecast import scores_card
from dash_app.filters import Filters
from dash_app.queries import finance
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from tests.dash_app.snapshots import publish

LAST = date(2026, 3, 29)
WEEK = Filters(date(2026, 3, 23), LAST, preset="7d")


def balance(day: date, side: str, opening: int, awarded: int, redeemed: int, withheld: int = 0) -> dict:
    return {
        "entry_date": day, "reward_type": side, "opening_usd": opening, "awarded_usd": awarded,
        "redeemed_usd": redeemed, "withheld_usd": withheld, "closing_usd": opening + awarded - redeemed - withheld,
    }  # fmt: skip


def owed(day: date, awarded: int, redeemed: int, closing: int, unpaid: int) -> dict:
    return {
        "activity_date": day, "awarded_usd": awarded, "redeemed_usd": redeemed, "withheld_usd": 0,
        "closing_usd": closing, "unpaid_rewards": unpaid // 5, "unpaid_usd": unpaid, "liability_usd": closing + unpaid,
    }  # fmt: skip


def cost(
    month: date, via: str, channel: str, acquired: int, active: int, usd: float | None, mature: bool = True
) -> dict:
    return {
        "cohort_month": month, "acquired_via": via, "channel": channel, "is_mature": mature, "acquired_users": acquired,
        "active_users": active, "cost_usd": usd,
    }  # fmt: skip


def score(model: str, rank: int, published: bool, value: float) -> dict:
    return {
        "model": model, "measure": "all", "horizon_days": 0, "rank": rank, "is_published": published, "origins": 12,
        "forecasts": 72, "wape": 0.3, "bias": 0.1, "interval_score": value, "covered_80": 60, "coverage_80": 60 / 72,
    }  # fmt: skip


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    days = [date(2026, 3, day) for day in (22, 23, 24, 29)]
    rows = {
        "fct_reward_balance_day": [
            balance(days[0], "referrer_bonus", 0, 100, 0),
            balance(days[1], "referrer_bonus", 100, 10, 5),
            balance(days[3], "referrer_bonus", 105, 20, 25, 5),
            balance(days[1], "referred_bonus", 50, 0, 0),
            balance(days[3], "referred_bonus", 50, 5, 0),
        ],
        "fct_liability_day": [
            owed(days[0], 100, 0, 150, 10), owed(days[1], 10, 5, 155, 5), owed(days[3], 25, 25, 150, 20),
        ],
        "fct_acquisition_cost": [
            cost(date(2026, 1, 1), "referral", "referral", 10, 4, 60),
            cost(date(2026, 2, 1), "referral", "referral", 10, 2, 30),
            cost(date(2026, 1, 1), "paid", "paid_social", 20, 5, 100),
            cost(date(2026, 2, 1), "paid", "paid_social", 20, 5, None),
            cost(date(2026, 3, 1), "paid", "paid_social", 99, 9, 900, mature=False),
            cost(date(2026, 1, 1), "organic", "organic", 30, 0, 0),
        ],
        "fct_forecast_score": [score("seasonal_naive", 1, True, 1.5), score("pipeline", 2, False, 2.0)],
    }  # fmt: skip
    return Snapshot(publish(tmp_path, rows, LAST))


def test_the_ledger_rolls_forward_from_the_first_to_the_last_day_of_the_period(snapshot: Snapshot) -> None:
    rows = finance.roll_forward(snapshot, WEEK, bounds(snapshot)).set_index("reward_type")
    assert [*rows.loc["referrer_bonus"]] == [100, 30, 30, 5, 95]
    assert [*rows.loc["referred_bonus"]] == [50, 5, 0, 0, 55]
    kept = rows["opening_usd"] + rows["awarded_usd"] - rows["redeemed_usd"] - rows["withheld_usd"]
    assert (kept == rows["closing_usd"]).all()


def test_what_is_owed_is_compared_with_the_evening_before_the_period(snapshot: Snapshot) -> None:
    assert [*finance.liability(snapshot, WEEK, bounds(snapshot))["liability_usd"]] == [170, 160]


def test_flows_are_by_day_in_a_short_period_and_by_week_in_a_long_one(snapshot: Snapshot) -> None:
    assert [*finance.flows(snapshot, WEEK, bounds(snapshot))["awarded_usd"]] == [10, 25]
    long = Filters(date(2026, 1, 1), LAST, preset=None)
    assert [*finance.flows(snapshot, long, bounds(snapshot))["awarded_usd"]] == [100, 35]


def test_a_cost_that_is_unknown_in_one_month_is_unknown_and_young_months_do_not_count(snapshot: Snapshot) -> None:
    rows = finance.costs(snapshot, WEEK, bounds(snapshot)).set_index("channel")
    assert (rows.loc["referral", "cost_usd"], rows.loc["referral", "active_users"]) == (90, 6)
    assert (rows.loc["paid_social", "acquired_users"], rows.loc["paid_social", "active_users"]) == (40, 10)
    assert rows["cost_usd"].isna()["paid_social"]
    card = str(costs_card(rows.reset_index(), "", ""))
    assert card.count("cost not known") == 2, "the unknown cost, and a known one with nobody active"
    assert "$15.00" in card


def test_the_card_says_which_model_speaks_and_that_ours_was_worse(snapshot: Snapshot) -> None:
    card = str(scores_card(finance.scores(snapshot, WEEK, bounds(snapshot)), "", ""))
    assert "Published: “the last week again”" in card
    assert "Our own model scored 2.00 against 1.50." in card


def test_the_cards_do_without_a_forecast_and_without_a_ledger(tmp_path: Path) -> None:
    empty = Snapshot(publish(tmp_path, {}, LAST))
    asked = (empty, WEEK, bounds(empty))
    cards = kpi_cards(finance.liability(*asked), finance.totals(*asked), finance.costs(*asked), lambda key: key)
    assert "no forecast yet" in str(cards)
