"""Finance Forecast: what is owed, what will be, how sure that is, and what people cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, register_page
from dash.development.base_component import Component

from dash_app import exports, ids, scenario_view
from dash_app.components import scenario_lab as lab
from dash_app.components.acquisition_cost import costs_card
from dash_app.components.annotations import annotated
from dash_app.components.finance_kpis import kpi_cards
from dash_app.components.forecast import forecast_card, scores_card
from dash_app.components.ledger import flows_card, roll_forward_card
from dash_app.components.restatements import restatements_card
from dash_app.components.scenario_result import Answers, result
from dash_app.components.states import nothing, notices
from dash_app.components.template import Theme, as_theme
from dash_app.page import answer, page
from dash_app.queries import finance, restatements, scenario
from dash_app.queries.annotations import happened
from dash_app.queries.snapshot import Snapshot
from dash_app.question import ask
from dash_app.views import VIEWS
from include.scenarios.scenario import ScenarioError

VIEW = VIEWS["finance"]
BODY = "finance-body"
SCENARIO = "finance-scenario"  # store: what the lab changes, as parameters of the URL
NEEDS = (
    "fct_acquisition_cost",
    "fct_forecast_path",
    "fct_forecast_score",
    "fct_liability_day",
    "fct_policy_option",
    "fct_reward_balance_day",
    "fct_reward_forecast_day",
    "fct_reward_forecast_total",
)

#: Card -> the rows behind its number.
ROWS = {
    "finance-flows": "finance-ledger",
    "finance-roll-forward": "finance-ledger",
}

register_page(__name__, path=VIEW.path, name=VIEW.title, title=f"{VIEW.title} · Carton Caps", order=3)


def layout(**query: str) -> html.Div:
    """The page with its filters and its scenario set as the URL says."""
    changed = {key: value for key, value in query.items() if key in scenario_view.PARAMS}
    return html.Div([dcc.Store(id=SCENARIO, data=changed), page(VIEW, BODY, query, scenario_view.PARAMS)])


@callback(
    Output(BODY, "children"),
    Input(ids.FILTERS, "data"),
    Input(ids.SNAPSHOT, "data"),
    Input(ids.THEME, "data"),
    State(SCENARIO, "data"),
)
def update(
    params: dict[str, str] | None, _snapshot: object, theme: str, changed: dict[str, str] | None
) -> Sequence[Component]:
    """Everything below the filters, out of one snapshot."""
    return answer(lambda snapshot: build(snapshot, params, as_theme(theme), changed), NEEDS, is_kept=True)


@callback(
    Output(lab.AREA, "children"),
    Input(SCENARIO, "data"),
    State(ids.THEME, "data"),
    prevent_initial_call=True,  # `update` has shown it
)
def compare(changed: dict[str, str] | None, theme: str) -> Sequence[Component]:
    """The scenario beside the forecast anew when a lever was moved."""
    return answer(lambda snapshot: area(snapshot, as_theme(theme), changed), NEEDS, is_kept=True)


clientside_callback(
    ClientsideFunction("lab", "choose"),
    Output(SCENARIO, "data"),
    *(Output(lab.control(name), "value") for name in scenario_view.PARAMS),
    *(Output(lab.value_text(name), "children") for name in scenario_view.SLIDERS),
    *(Input(lab.control(name), "value") for name in scenario_view.PARAMS),
    Input(lab.BACK, "n_clicks"),
    State(lab.LEVERS, "data"),
    State(SCENARIO, "data"),
)


def build(
    snapshot: Snapshot, params: dict[str, str] | None, theme: Theme, changed: Mapping[str, Any] | None = None
) -> Sequence[Component]:
    """The cards and figures under the filters that ``params`` ask for, with the scenario that ``changed`` asks for."""
    question = ask(VIEW, snapshot, params, theme)
    asked, means, csv, filters = question.asked, question.means, question.csv, question.filters
    totals, costs = finance.totals(*asked), finance.costs(*asked)
    parts = [
        kpi_cards(finance.liability(*asked), totals, costs, means),
        html.Div(
            [
                forecast_card(finance.forecast(*asked), totals, means("forecast"), csv("finance-forecast"), theme),
                scores_card(finance.scores(*asked), means("forecast_score"), csv("finance-scores")),
            ],
            className="figure-row",
        ),
        lab.lab_card(
            scenario.futures(snapshot), scenario_view.parse(changed)[0], area(snapshot, theme, changed),
            means("scenario"),
        ),
        html.Div(
            [
                flows_card(finance.flows(*asked), filters, means("ledger"), csv("finance-flows"), theme),
                costs_card(costs, means("acquisition_cost"), csv("finance-costs")),
            ],
            className="figure-row",
        ),
        roll_forward_card(finance.roll_forward(*asked), filters, means("ledger"), csv("finance-roll-forward")),
        restatements_card(
            restatements.restated(*asked), filters, means("restatements"), csv("finance-restatements")
        ),
    ]  # fmt: skip
    return question.answered(parts, ROWS)


def area(snapshot: Snapshot, theme: Theme, changed: Mapping[str, Any] | None) -> list[Component]:
    """The scenario beside the forecast, and what of ``changed`` could not be followed."""
    view, ignored = scenario_view.parse(changed)
    given = scenario.futures(snapshot)
    if not given.is_known:
        return [*notices(ignored), nothing("There is no forecast to change yet: it comes with the build.")]
    try:
        answers = _answers(given, view)
    except ScenarioError as error:
        ignored, view = [*ignored, f"{error} The base is shown."], scenario_view.BASE
        answers = _answers(given, view)
    shown = result(answers, given, view, exports.chosen_href(exports.SCENARIO, view), theme)
    return [*notices(ignored), *annotated(shown, happened(snapshot), theme)]


def _answers(given: scenario.Futures, view: scenario_view.ScenarioView) -> Answers:
    return Answers(
        scenario.beside_base(given, view),
        scenario.bonus_that_costs_the_same(given, view),
        scenario.over_budget(given, view),
    )
