"""Executive Overview: how much did schools raise, what moved it, and are we growing."""

from __future__ import annotations

from collections.abc import Sequence

from dash import Input, Output, callback, html, register_page
from dash.development.base_component import Component

from dash_app import ids
from dash_app.components.executive_kpis import headline, kpi_cards
from dash_app.components.growth import growth_card
from dash_app.components.raised_drivers import raised_drivers_card
from dash_app.components.schools import schools_card
from dash_app.components.template import Theme, as_theme
from dash_app.components.trend import trend_card
from dash_app.components.us_map import states_card
from dash_app.page import answer, page
from dash_app.queries import executive, growth
from dash_app.queries.coverage import sizes
from dash_app.queries.snapshot import Snapshot
from dash_app.question import ask
from dash_app.views import VIEWS

VIEW = VIEWS["executive"]
BODY = "executive-body"
NEEDS = ("fct_fraud_filter", "fct_growth_period", "fct_raised_drivers")

#: Card -> the rows behind its number.
ROWS = {
    "kpi-raised": "executive-raised",
    "kpi-supporters": "executive-supporters",
    "kpi-new-users": "executive-new-users",
    "kpi-purchases": "executive-raised",
    "kpi-referrals": "executive-referrals",
    "executive-trend": "executive-raised",
    "executive-schools": "executive-raised",
    "executive-states": "executive-raised",
}

register_page(__name__, path=VIEW.path, name=VIEW.title, title=f"{VIEW.title} · Carton Caps", order=0)


def layout(**query: str) -> html.Div:
    """The page with its filters set as the URL says."""
    return page(VIEW, BODY, query)


@callback(Output(BODY, "children"), Input(ids.FILTERS, "data"), Input(ids.SNAPSHOT, "data"), Input(ids.THEME, "data"))
def update(params: dict[str, str] | None, _snapshot: object, theme: str) -> Sequence[Component]:
    """Everything below the filters, out of one snapshot."""
    return answer(lambda snapshot: build(snapshot, params, as_theme(theme)), NEEDS, is_kept=True)


def build(snapshot: Snapshot, params: dict[str, str] | None, theme: Theme) -> Sequence[Component]:
    """The cards and figures under the filters that ``params`` ask for."""
    question = ask(VIEW, snapshot, params, theme)
    asked, means, csv, filters = question.asked, question.means, question.csv, question.filters
    numbers = executive.kpis(*asked)
    parts = [
        headline(numbers, sizes(snapshot), filters),
        kpi_cards(numbers, growth.targets(*asked), filters, means),
        html.Div(
            [
                growth_card(growth.accounts(*asked), filters, means("growth"), csv("executive-growth"), theme),
                raised_drivers_card(growth.drivers(*asked), filters, means("raised_drivers"), csv("executive-drivers")),
            ],
            className="figure-row",
        ),
        trend_card(executive.trend(*asked), filters, means("trend"), csv("executive-trend"), theme),
        html.Div(
            [
                schools_card(executive.schools(*asked), means("schools"), csv("executive-schools")),
                states_card(executive.states(*asked), means("states"), csv("executive-states"), theme),
            ],
            className="figure-row",
        ),
    ]
    return question.answered(parts, ROWS)
