"""Days that explain a bend: in every figure over time, in no other, and where they cover nothing."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from dash import dcc

from dash_app.components.annotations import annotated, time_span
from dash_app.components.graph import graph
from dash_app.queries.annotations import happened
from dash_app.queries.snapshot import Snapshot, current
from tests.dash_app.snapshots import (
    active_day,
    forecast_of,
    future,
    growth_week,
    invitations,
    publish,
    purchase,
    scan_week,
    together,
    user,
)
from tests.dash_app.test_pages import body, every, words

LAST = date(2026, 3, 31)
DAYS = [LAST - timedelta(days=back) for back in range(60)]
MONDAYS = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(8)]
HAPPENED = pd.DataFrame({"day": pd.to_datetime(["2026-03-10", "2026-07-01"]), "title": ["Both bonuses up", "Later"]})


def event(day: date, kind: str, title: str) -> dict:
    return {"annotation_date": day, "kind": kind, "title": title}


def drawn(*figures: go.Figure) -> list[Any]:
    parts = annotated([graph(f"g{n}", figure, "says", "300px") for n, figure in enumerate(figures)], HAPPENED, "light")
    return [part for part in every(parts) if isinstance(part, dcc.Graph)]


def test_one_row_per_day_with_all_that_happened(tmp_path: Path) -> None:
    events = [event(DAYS[1], "school_year", "School ends"), event(DAYS[1], "bonus_change", "Bonus up"),
              event(DAYS[9], "release", "App 2.0")]  # fmt: skip
    rows = happened(Snapshot(publish(tmp_path, {"fct_annotation": events}, LAST)))
    assert [*zip(rows["day"].dt.date, rows["title"], strict=True)] == [
        (DAYS[9], "App 2.0"),
        (DAYS[1], "Bonus up; School ends"),
    ]
    assert happened(Snapshot(publish(tmp_path, {}, LAST, "b2", without=["fct_annotation"]))).empty


def test_a_day_within_the_time_of_a_figure_is_drawn_and_its_letter_stands_above_the_data() -> None:
    [shown] = drawn(go.Figure(go.Scatter(x=DAYS, y=[1] * 60)))
    [line] = shown.figure.layout.shapes
    assert pd.Timestamp(line.x0).date() == pd.Timestamp(line.x1).date() == date(2026, 3, 10)
    assert line.line.dash == "dot"
    [letter] = shown.figure.layout.annotations
    assert (letter.text, letter.y, letter.yref, letter.yanchor) == ("A", 1, "paper", "bottom")
    assert letter.hovertext == "Both bonuses up"


def test_a_figure_that_is_not_over_time_or_of_another_time_is_left_alone() -> None:
    shown = drawn(
        go.Figure(go.Bar(x=["a", "b"], y=[1, 2])),
        go.Figure(go.Bar(x=[1, 2], y=[1, 2])),
        go.Figure(go.Scatter(x=[date(2026, 1, 1), date(2026, 1, 9)], y=[1, 2])),
        go.Figure(),
    )
    assert [graph.figure.layout.shapes for graph in shown] == [()] * 4


def test_the_last_week_of_a_figure_by_week_is_whole() -> None:
    weekly = go.Figure(go.Bar(x=MONDAYS, y=[1] * 8))
    assert time_span(weekly) == (pd.Timestamp(MONDAYS[0]), pd.Timestamp(MONDAYS[-1]) + pd.Timedelta(days=6))
    daily = go.Figure(go.Bar(x=DAYS, y=[1] * 60))
    assert time_span(daily) == (pd.Timestamp(DAYS[-1]), pd.Timestamp(LAST))


def publish_figures_over_time(root: Path) -> None:
    """Something in every figure over time, and three days that explain a bend."""
    rows = {
        "dim_user": [user(1, DAYS[-1], 10)],
        "fct_purchase": [purchase(f"p{n}", 1, 10, day, "1.00") for n, day in enumerate(DAYS)],
        "fct_user_day": [active_day(1, day, contributing=True) for day in DAYS],
        "fct_liability_day": [
            {"activity_date": day, "awarded_usd": 5, "redeemed_usd": 1, "withheld_usd": 0, "closing_usd": 9,
             "unpaid_usd": 0, "unpaid_rewards": 0, "liability_usd": 9} for day in DAYS
        ],
        "fct_reward_forecast_day": [
            {"forecast_date": LAST + timedelta(days=n), "measure": "liability_usd", "expected": 9, "lower_80": 8,
             "upper_80": 10, "lower_95": 7, "upper_95": 11} for n in range(1, 91)
        ],
        "fct_growth_period": [growth_week(monday + timedelta(days=6), 10, 2, 1, 1) for monday in MONDAYS],
        "fct_scan_funnel_week": [scan_week(monday, "ios", 40, 36) for monday in MONDAYS],
        "fct_referral_funnel_week": [invitations(monday, "sms", 40, 20, 12, 8) for monday in MONDAYS],
        "fct_referral_conversion": [
            {"cohort_week": monday, "channel": "all", "sent": 40, "mature_sent": 40, "eligible": 8, "conversion": 0.2,
             "conversion_low": 0.1, "conversion_high": 0.3, "is_mature": True} for monday in MONDAYS
        ],
        "fct_reproduction_day": [
            {"activity_date": day, "offspring_28d": 5, "due_28d": 10, "r_28d": 0.5, "r_28d_low": 0.4, "r_28d_high": 0.6,
             "is_mature": True} for day in DAYS
        ],
        "fct_annotation": [
            event(MONDAYS[3], "bonus_change", "Both bonuses $5.00 to $6.00"), event(LAST, "release", "App 2.0"),
            event(LAST + timedelta(days=45), "bonus_change", "Bonus $7.00 announced"),
        ],
    }  # fmt: skip
    publish(root, together(rows, forecast_of([future(1, days, 9) for days in (30, 60, 90)], LAST)), LAST)


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    publish_figures_over_time(tmp_path)


@pytest.mark.parametrize(
    ("name", "figures"), [("executive", 2), ("product", 1), ("referral", 1), ("finance", 5), ("network", 1)]
)
def test_every_figure_over_time_of_a_view_has_what_happened_in_its_time(
    published: None, name: str, figures: int
) -> None:
    parts = body(name, period="90d")
    days = pd.to_datetime(happened(current())["day"])
    over_time = 0
    for part in every(parts):
        if not isinstance(part, dcc.Graph):
            continue
        span = time_span(part.figure)
        expected = 0 if span is None else int(((days >= span[0]) & (days <= span[1])).sum())
        dotted = [shape for shape in part.figure.layout.shapes if shape.yref == "paper" and shape.line.dash == "dot"]
        assert len(dotted) == expected, part.id
        over_time += span is not None
    assert over_time == figures


def test_what_the_letters_stand_for_is_told_in_words(published: None) -> None:
    of_executive, of_finance = (" ".join(words(body(name, period="90d")).split()) for name in ("executive", "finance"))
    assert "A 26 Jan 2026: Both bonuses $5.00 to $6.00" in of_executive
    assert "B 15 May 2026: Bonus $7.00 announced" in of_finance
