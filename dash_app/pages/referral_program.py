"""Referral Program: from invitation to reward, the 48 hours, and why invitations end."""

from __future__ import annotations

from collections.abc import Sequence

from dash import Input, Output, callback, html, register_page
from dash.development.base_component import Component

from dash_app import ids
from dash_app.components.attribution_window import windows_card
from dash_app.components.referral_cohorts import cohorts_card, latency_card
from dash_app.components.referral_endings import endings_card
from dash_app.components.referral_funnel import channels_card, funnel_card, schools_card
from dash_app.components.referral_kpis import kpi_cards
from dash_app.components.template import Theme, as_theme
from dash_app.page import answer, page
from dash_app.queries import referral
from dash_app.queries.snapshot import Snapshot
from dash_app.question import ask
from dash_app.views import VIEWS

VIEW = VIEWS["referral"]
BODY = "referral-body"
NEEDS = (
    "fct_application_hour",
    "fct_attribution_window",
    "fct_referral_conversion",
    "fct_referral_ending",
    "fct_referral_funnel_school",
    "fct_referral_funnel_week",
    "fct_referral_latency",
)

#: Card -> the rows behind its number.
ROWS = {
    "kpi-sent": "referral-sent",
    "kpi-conversion": "referral-funnel",
    "kpi-in-time": "referral-applied",
    "referral-funnel": "referral-funnel",
    "referral-endings": "referral-endings",
    "referral-channels": "referral-funnel",
}

register_page(__name__, path=VIEW.path, name=VIEW.title, title=f"{VIEW.title} · Carton Caps", order=2)


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
    latencies = referral.latencies(*asked)
    parts = [
        kpi_cards(referral.sent(*asked), referral.conversion(*asked), latencies, filters, question.covered, means),
        html.Div(
            [
                funnel_card(referral.funnel(*asked), means("referral_funnel"), csv("referral-funnel")),
                endings_card(referral.endings(*asked), filters, means("endings"), csv("referral-endings")),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                channels_card(referral.channels(*asked), means("conversion"), csv("referral-channels")),
                cohorts_card(referral.cohorts(*asked), means("conversion"), csv("referral-cohorts"), theme),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                windows_card(
                    referral.hours(*asked), referral.windows(*asked), means("window"), csv("referral-windows"), theme
                ),
                latency_card(latencies, means("latency"), csv("referral-latency"), theme),
            ],
            className="figure-row",
        ),
        schools_card(referral.schools(*asked), means("referral_schools"), csv("referral-schools")),
    ]
    return question.answered(parts, ROWS)
