"""Data Health: was everything delivered, did it pass, and what wants a hand."""

from __future__ import annotations

from collections.abc import Sequence

from dash import Input, Output, callback, html, register_page
from dash.development.base_component import Component

from dash_app import documents, ids, kept_answers
from dash_app.components.health_cards import (
    beyond_card,
    conformance_card,
    deliveries_card,
    drift_card,
    lateness_card,
    unusual_card,
    warnings_card,
)
from dash_app.components.health_kpis import headline, kpi_cards
from dash_app.components.template import Theme, as_theme
from dash_app.page import answer, page
from dash_app.queries import health
from dash_app.queries.snapshot import Snapshot
from dash_app.question import ask
from dash_app.views import VIEWS
from include.alerts.links import dag_url

VIEW = VIEWS["health"]
BODY = "health-body"

register_page(__name__, path=VIEW.path, name=VIEW.title, title=f"{VIEW.title} · Carton Caps", order=6)


def layout(**query: str) -> html.Div:
    """The page with its period set as the URL says."""
    return page(VIEW, BODY, query)


@callback(Output(BODY, "children"), Input(ids.FILTERS, "data"), Input(ids.SNAPSHOT, "data"), Input(ids.THEME, "data"))
def update(params: dict[str, str] | None, _snapshot: object, theme: str) -> Sequence[Component]:
    """Everything below the filters, out of one snapshot."""
    return answer(lambda snapshot: build(snapshot, params, as_theme(theme)), ["fct_volume_day"], is_kept=True)


kept_answers.follows_also_from(f"{BODY}.children", lambda _snapshot: documents.has_tables())


def build(snapshot: Snapshot, params: dict[str, str] | None, theme: Theme) -> Sequence[Component]:
    """The cards and figures of the landing days that ``params`` ask for."""
    question = ask(VIEW, snapshot, params, theme)
    asked, means, csv, filters = question.asked, question.means, question.csv, question.filters
    run, beyond = health.run(snapshot), health.beyond(snapshot)
    kept, late, unusual = health.conformance(*asked), health.lateness(*asked), health.unusual(*asked)
    parts = [
        headline(run, kept, beyond, unusual),
        kpi_cards(run, kept, late, beyond, means),
        _links(),
        html.Div(
            [
                conformance_card(kept, filters, means("health_conformance"), csv("health-conformance")),
                lateness_card(late, filters, means("health_lateness"), csv("health-lateness"), theme),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                beyond_card(beyond, means("health_beyond"), csv("health-beyond")),
                warnings_card(health.warnings(snapshot), means("health_tests"), csv("health-warnings")),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                unusual_card(unusual, filters, means("health_unusual"), csv("health-unusual")),
                drift_card(health.drift(snapshot), means("health_drift"), csv("health-drift")),
            ],
            className="figure-row",
        ),
        deliveries_card(health.deliveries(*asked), filters, means("health_deliveries"), csv("health-deliveries")),
    ]
    return question.answered(parts)


def _links() -> html.P:
    """The way to the run, and to the documents."""
    tables: list[Component | str] = [html.A("Tables and lineage", href=f"{documents.PATH}{documents.TABLES}")]
    if not documents.has_tables():
        tables = ["Tables and lineage: ", html.Code("make docs")]
    return html.P(
        [
            html.A("The daily runs in Airflow", href=dag_url("carton_caps_daily")),
            " · ",
            html.A("What each event must hold", href=f"{documents.PATH}health-event-contract"),
            " · ",
            html.A("What to do when something fails", href=f"{documents.PATH}health-runbook"),
            " · ",
            html.A("What every number means", href=f"{documents.PATH}health-metrics"),
            " · ",
            *tables,
        ],
        className="figure-caption",
    )
