"""Product: where people drop, how soon they act, who comes back, and what would move it."""

from __future__ import annotations

from collections.abc import Sequence

from dash import Input, Output, callback, html, register_page
from dash.development.base_component import Component

from dash_app import ids
from dash_app.components.drivers import drivers_card
from dash_app.components.first_action import first_action_card
from dash_app.components.onboarding import onboarding_by_card, onboarding_card
from dash_app.components.opportunity import opportunity_card
from dash_app.components.product_kpis import kpi_cards
from dash_app.components.retention import retention_card
from dash_app.components.scan_quality import failures_card, scan_weeks_card
from dash_app.components.template import Theme, as_theme
from dash_app.page import answer, page
from dash_app.queries import product
from dash_app.queries.snapshot import Snapshot
from dash_app.question import ask
from dash_app.views import VIEWS

VIEW = VIEWS["product"]
BODY = "product-body"
NEEDS = (
    "fct_activation_cohort",
    "fct_driver",
    "fct_first_action_curve",
    "fct_onboarding_step",
    "fct_retention_week",
    "fct_scan_failure_week",
    "fct_scan_funnel_week",
    "fct_step_opportunity",
)

#: Card -> the rows behind its number.
ROWS = {
    "kpi-activation": "product-activated",
    "kpi-retention": "product-retained",
    "kpi-scans": "product-scans",
    "kpi-lost": "product-scans",
    "product-onboarding": "product-onboarding",
    "product-onboarding-by": "product-onboarding",
    "product-failures": "product-failures",
}

register_page(__name__, path=VIEW.path, name=VIEW.title, title=f"{VIEW.title} · Carton Caps", order=1)


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
    drivers = product.drivers(*asked)
    first_action, retention = product.first_action(*asked), product.retention(*asked)
    parts = [
        kpi_cards(product.activation(*asked), product.scans(*asked), first_action, retention, means),
        html.Div(
            [
                onboarding_card(product.onboarding(*asked), means("onboarding"), csv("product-onboarding")),
                first_action_card(first_action, means("first_action"), csv("product-first-action"), theme),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                onboarding_by_card(product.onboarding_by(*asked), means("onboarding"), csv("product-onboarding-by")),
                opportunity_card(product.opportunity(*asked), means("opportunity"), csv("product-opportunity"), theme),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                scan_weeks_card(
                    product.scan_weeks(*asked), filters, means("scan_completion"), csv("product-scans"), theme
                ),
                failures_card(product.failures(*asked), filters, means("lost_scans"), csv("product-failures")),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                drivers_card(drivers, outcome, means("drivers"), csv("product-drivers"), theme)
                for outcome in ("retained", "activated")
            ],
            className="figure-row",
        ),
        retention_card(retention, means("retention"), csv("product-retention"), theme),
    ]
    return question.answered(parts, ROWS)
