"""Finance Forecast: what is owed, what will be, how sure that is, and what people cost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from dash import Input, Output, callback, html, register_page
from dash.development.base_component import Component

from dash_app import definitions, exports, ids
from dash_app.components.acquisition_cost import costs_card
from dash_app.components.finance_kpis import kpi_cards
from dash_app.components.forecast import forecast_card, scores_card
from dash_app.components.ledger import flows_card, roll_forward_card
from dash_app.components.states import notices
from dash_app.components.template import Theme, as_theme
from dash_app.filters import parse
from dash_app.page import answer, page
from dash_app.queries import finance
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from dash_app.views import VIEWS

VIEW = VIEWS["finance"]
BODY = "finance-body"
NEEDS = (
    "fct_acquisition_cost",
    "fct_forecast_score",
    "fct_liability_day",
    "fct_reward_balance_day",
    "fct_reward_forecast_day",
    "fct_reward_forecast_total",
)

register_page(__name__, path=VIEW.path, name=VIEW.title, title=f"{VIEW.title} · Carton Caps", order=3)


def layout(**query: str) -> html.Div:
    """The page with its filters set as the URL says."""
    return page(VIEW, BODY, query)


@callback(Output(BODY, "children"), Input(ids.FILTERS, "data"), Input(ids.SNAPSHOT, "data"), Input(ids.THEME, "data"))
def update(params: dict[str, str] | None, _snapshot: object, theme: str) -> Sequence[Component]:
    """Everything below the filters, out of one snapshot."""
    return answer(lambda snapshot: build(snapshot, params, as_theme(theme)), NEEDS)


def build(snapshot: Snapshot, params: dict[str, str] | None, theme: Theme) -> Sequence[Component]:
    """The cards and figures under the filters that ``params`` ask for."""
    covered = bounds(snapshot)
    filters, ignored = parse(params, covered)
    asked = (snapshot, filters, covered)
    means = partial(definitions.means, snapshot)
    csv = partial(exports.href, filters=filters)
    totals, costs = finance.totals(*asked), finance.costs(*asked)
    return [
        *notices(ignored),
        kpi_cards(finance.liability(*asked), totals, costs, means),
        html.Div(
            [
                forecast_card(finance.forecast(*asked), totals, means("forecast"), csv("finance-forecast"), theme),
                scores_card(finance.scores(*asked), means("forecast_score"), csv("finance-scores")),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                flows_card(finance.flows(*asked), filters, means("ledger"), csv("finance-flows"), theme),
                costs_card(costs, means("acquisition_cost"), csv("finance-costs")),
            ],
            className="figure-row",
        ),
        roll_forward_card(finance.roll_forward(*asked), filters, means("ledger"), csv("finance-roll-forward")),
    ]
