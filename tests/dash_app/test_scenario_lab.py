"""The scenario lab: what a link asks for, sums against SQL of their own, and words for what cannot be followed."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dash_app import scenario_view
from dash_app.app import app
from dash_app.components.scenario_lab import base_values
from dash_app.queries import scenario
from dash_app.queries.snapshot import current
from dash_app.scenario_view import BASE, ScenarioView
from include.scenarios.scenario import ScenarioError
from tests.dash_app.snapshots import forecast_of, future, publish
from tests.dash_app.test_pages import body, every, page, words

LAST = date(2026, 3, 31)
FUTURES = [future(n, days, new_usd=n * days) for days in (30, 60, 90) for n in (1, 2, 3, 6)]


@pytest.fixture(autouse=True)
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    publish(tmp_path, forecast_of(FUTURES, LAST), LAST)
    return tmp_path


def area(**changed: Any) -> str:
    module = __import__(page("finance")["module"], fromlist=["area"])
    return words(module.area(current(), "light", changed))


def sql(query: str) -> list[tuple]:
    return [*current().read(query).itertuples(index=False, name=None)]


@pytest.mark.parametrize(
    "view",
    [
        BASE,
        ScenarioView(conversion=-25, points=2.5, invitations=100, redemption=-50),
        ScenarioView(referrer_bonus=0, friend_bonus=7.5),
        ScenarioView(window=72, qualifying="link_required"),
        ScenarioView(budget=1234567.5),
    ],
)
def test_a_link_shows_the_same_scenario_again(view: ScenarioView) -> None:
    assert scenario_view.parse(view.to_params()) == (view, [])


@pytest.mark.parametrize(
    "params",
    [
        {"conversion": "17"},
        {"conversion": "1e9"},
        {"points": "nan"},
        {"friend_bonus": "-1"},
        {"referrer_bonus": "'; drop table gold.dim_user --"},
        {"redemption": ["20"]},
        {"window": "49"},
        {"qualifying": {"a": 1}},
        {"budget": "-1"},
        {"budget": "inf"},
    ],
)
def test_odd_values_are_answered_and_leave_the_base(params: Any) -> None:
    view, notices = scenario_view.parse(params)
    assert view == BASE
    assert len(notices) == 1
    assert "It was ignored." in notices[0]
    assert "It was ignored." in area(**params)
    assert "The base:" in area(**params)


def test_parameters_of_others_and_things_that_are_no_parameters_are_passed_over() -> None:
    assert scenario_view.parse({"period": "7d", "user": "3"}) == (BASE, [])
    assert scenario_view.parse("conversion=20") == (BASE, [])


def test_the_base_is_the_published_forecast_to_the_cent() -> None:
    rows = scenario.for_export(current())
    expected = sql("select measure, horizon_days, expected from gold.fct_reward_forecast_total")
    shown = {(row["measure"], row["horizon_days"]): row["expected"] for row in rows.to_dict("records")}
    assert shown == {(measure, days): float(usd) for measure, days, usd in expected}
    assert len(shown) == 9
    assert (rows["difference_usd"] == 0).all()


def test_better_conversion_moves_what_is_sent_from_now_on_and_nothing_that_is_under_way() -> None:
    rows = scenario.beside_base(scenario.futures(current()), ScenarioView(conversion=20)).set_index(
        ["measure", "horizon_days"]
    )
    awards = sql(
        "select horizon_days, avg(due_referrer_usd + due_referred_usd + pipeline_referrer_usd + pipeline_referred_usd"
        " + 1.2 * (new_referrer_usd + new_referred_usd)) from gold.fct_forecast_path group by all",
    )
    for days, usd in awards:
        row = rows.loc[("awards_usd", days)]
        assert row["expected"] == pytest.approx(float(usd), abs=0.01)
        assert row["difference_usd"] == pytest.approx(0.2 * 2 * 3 * days), "a fifth of 2 sides x 3 a day on average"
        assert row["difference_share"] == pytest.approx(row["difference_usd"] / row["base_expected"])


def test_another_bonus_holds_for_what_falls_due_from_now_on() -> None:
    rows = scenario.beside_base(scenario.futures(current()), ScenarioView(referrer_bonus=7.5, friend_bonus=0))
    found = rows[(rows["measure"] == "awards_usd") & (rows["horizon_days"] == 90)]["expected"].iloc[0]
    [(usd,)] = sql(
        "select avg(due_referrer_usd + due_referred_usd + 1.5 * (pipeline_referrer_usd + new_referrer_usd))"
        " from gold.fct_forecast_path where horizon_days = 90",
    )
    assert found == pytest.approx(float(usd), abs=0.01)


def test_where_a_rival_is_published_it_is_moved_by_as_much(published: Path) -> None:
    rows = forecast_of(FUTURES, LAST)
    rows["fct_reward_forecast_total"] = [
        row | {"expected": 2 * row["expected"], "model": "last_days"} for row in rows["fct_reward_forecast_total"]
    ]
    publish(published, rows, LAST, "b2")
    found = scenario.beside_base(scenario.futures(current()), ScenarioView(invitations=50))
    awards = found[(found["measure"] == "awards_usd") & (found["horizon_days"] == 30)].iloc[0]
    assert awards["difference_usd"] == pytest.approx(2 * 0.5 * 2 * 3 * 30, abs=0.02)


def test_the_result_stands_beside_the_base_with_what_it_assumes() -> None:
    shown = area(conversion="20", friend_bonus="7.5", window="72")
    assert "are awarded instead of $840.00 (+$" in shown
    assert "Invitations sent from 1 Apr 2026 on convert 20 % more often than forecast" in shown
    assert "Each bonus of a friend that falls due from 1 Apr 2026 on is $7.50 instead of $5.00" in shown
    assert "within 72 hours" in shown
    assert "would cost as much as in the base with a bonus of $" in shown
    assert "of a referrer" not in shown, "a lever that is not moved has no sentence"


def test_the_table_has_difference_in_usd_and_percent() -> None:
    shown = area(redemption="50")
    assert "$40.00 $60.00 +$20.00 +50.0%" in shown


def test_a_budget_is_held_against_the_futures_and_changes_nothing() -> None:
    [(over,)] = sql(
        "select avg((due_referrer_usd + due_referred_usd + pipeline_referrer_usd + pipeline_referred_usd"
        " + 2 * (new_referrer_usd + new_referred_usd) > 800)::int) from gold.fct_forecast_path where horizon_days = 90"
    )
    view = ScenarioView(invitations=100, budget=800)
    assert scenario.over_budget(scenario.futures(current()), view) == (over, 0.5), "the base is 480, 660, 840, 1380"
    assert over == 0.75
    assert "In 75 of 100 futures the awards of 90 days cost more than $800.00; in the base in 50." in area(
        invitations="100", budget="800"
    )
    assert "The base:" in area(budget="800"), "a budget is no lever"


def test_points_need_a_conversion_and_the_page_says_so(published: Path) -> None:
    rows = forecast_of(FUTURES, LAST)
    rows["fct_policy_option"] = [row | {"eligible_referrals": 0} for row in rows["fct_policy_option"]]
    publish(published, rows, LAST, "b2")
    assert "needs a known conversion" in area(points="2")
    assert "The base is shown." in area(points="2")
    with pytest.raises(ScenarioError):
        scenario.for_export(current(), ScenarioView(points=2))


def test_without_a_forecast_the_lab_says_so(published: Path) -> None:
    publish(published, {}, LAST, "b2")
    assert "There is no forecast to change yet" in words(body("finance"))
    assert "There is no forecast to change yet" in area(conversion="20")


def test_controls_begin_where_nothing_is_changed() -> None:
    base = base_values(scenario.futures(current()))
    assert base == {
        "conversion": 0, "points": 0, "invitations": 0, "redemption": 0, "referrer_bonus": 5, "friend_bonus": 5,
        "window": "48", "qualifying": "scan_or_link", "budget": "",
    }  # fmt: skip
    controls = {part.id: part.value for part in every(body("finance")) if "finance-lab-" in str(getattr(part, "id", ""))
                and hasattr(part, "value")}  # fmt: skip
    assert controls["finance-lab-conversion"] == 0
    assert controls["finance-lab-window"] == "48"


def test_the_file_holds_the_scenario_of_the_link_and_refuses_an_odd_one() -> None:
    client: FlaskClient = app.server.test_client()
    rows = [*csv.DictReader(io.StringIO(client.get("/export/finance-scenario.csv?redemption=50").text))]
    redeemed = next(row for row in rows if row["measure"] == "redemptions_usd" and row["horizon_days"] == "30")
    assert (redeemed["base_expected"], redeemed["expected"], redeemed["difference_usd"]) == ("40.0", "60.0", "20.0")
    refused = client.get("/export/finance-scenario.csv?redemption=51")
    assert refused.status_code == 400
    assert "is not a value of “redemption”" in refused.text
    assert client.get("/export/finance-scenario.csv?window=96").status_code == 400, "a rule this build does not have"
