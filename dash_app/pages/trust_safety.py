"""Trust & Safety: being built; says what it will answer and shows what gold knows today."""

from __future__ import annotations

from collections.abc import Sequence

from dash import Input, Output, callback, html, register_page
from dash.development.base_component import Component

from dash_app import definitions, exports, ids
from dash_app.components.building import counts_card, questions_card
from dash_app.page import answer, page
from dash_app.queries import to_date
from dash_app.queries.snapshot import Snapshot
from dash_app.views import VIEWS

VIEW = VIEWS["trust"]
BODY = "trust-body"

register_page(__name__, path=VIEW.path, name=VIEW.title, title=f"{VIEW.title} · Carton Caps", order=5)


def layout(**_query: str) -> html.Div:
    """The page; its filters come with its figures."""
    return page(VIEW, BODY)


@callback(Output(BODY, "children"), Input(ids.SNAPSHOT, "data"))
def update(_snapshot: object) -> Sequence[Component]:
    """Everything below the heading, out of one snapshot."""
    return answer(build)


def build(snapshot: Snapshot) -> Sequence[Component]:
    """The questions, and what is known to date."""
    return [
        questions_card(VIEW),
        counts_card(
            "trust-suspicious",
            "What may need a look",
            definitions.means(snapshot, "trust"),
            to_date.suspicious(snapshot),
            exports.href("trust-suspicious"),
            "No account is unverified and no referral is of oneself.",
        ),
    ]
