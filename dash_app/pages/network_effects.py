"""Network Effects: how many users a user brings, where that breaks, who spreads beyond luck, which schools compound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, register_page
from dash.development.base_component import Component

from dash_app import exports, ids, kept_answers, network_view
from dash_app.access.gate import may_see_trust
from dash_app.components import graph_card as card
from dash_app.components.cascades import cascades_card, reproduction_card
from dash_app.components.generations import generations_card, pairs_card
from dash_app.components.k_chain import chain_card, change_card
from dash_app.components.network_kpis import kpi_cards
from dash_app.components.school_graph import school_area
from dash_app.components.school_scorecard import scorecard_card
from dash_app.components.states import notices
from dash_app.components.super_spreaders import offspring_card, spreaders_card
from dash_app.components.template import Theme, as_theme
from dash_app.components.tree_graph import tree_area
from dash_app.filters import Filters, parse
from dash_app.page import answer, page
from dash_app.queries import network, referral_tree, school_network, spreading
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot
from dash_app.question import ask
from dash_app.views import VIEWS

VIEW = VIEWS["network"]
BODY = "network-body"
DRAWN = "network-drawn"  # store: what the graph shows, as parameters of the URL
NEEDS = (
    "fct_cascade",
    "fct_cascade_size",
    "fct_k",
    "fct_k_change",
    "fct_k_generation",
    "fct_network_edge",
    "fct_network_effects_user",
    "fct_network_position",
    "fct_next_generation",
    "fct_offspring_count",
    "fct_offspring_spread",
    "fct_reproduction_day",
    "fct_review_case",
    "fct_review_case_member",
    "fct_school_flow",
    "fct_school_position",
    "fct_school_scorecard",
    "fct_super_spreader",
)
ROWS = {
    "kpi-k-60": "network-k",
}

register_page(__name__, path=VIEW.path, name=VIEW.title, title=f"{VIEW.title} · Carton Caps", order=4)


def layout(**query: str) -> html.Div:
    """The page with its filters and its graph set as the URL says."""
    drawn = {key: value for key, value in query.items() if key in network_view.PARAMS}
    return html.Div([dcc.Store(id=DRAWN, data=drawn), page(VIEW, BODY, query, network_view.PARAMS)])


@callback(
    Output(BODY, "children"),
    Input(ids.FILTERS, "data"),
    Input(ids.SNAPSHOT, "data"),
    Input(ids.THEME, "data"),
    State(DRAWN, "data"),
)
def update(
    params: dict[str, str] | None, _snapshot: object, theme: str, drawn: dict[str, str] | None
) -> Sequence[Component]:
    """Everything below the filters, out of one snapshot."""
    return answer(lambda snapshot: build(snapshot, params, as_theme(theme), drawn), NEEDS, is_kept=True)


@callback(
    Output(card.AREA, "children"),
    Input(DRAWN, "data"),
    State(ids.FILTERS, "data"),
    State(ids.THEME, "data"),
    prevent_initial_call=True,  # `update` has drawn it
)
def draw(drawn: dict[str, str] | None, params: dict[str, str] | None, theme: str) -> Sequence[Component]:
    """The graph anew when something was chosen or clicked."""
    return answer(lambda snapshot: area(snapshot, params, as_theme(theme), drawn), NEEDS, is_kept=True)


for shown in (BODY, card.AREA):
    kept_answers.follows_also_from(f"{shown}.children", lambda _snapshot: may_see_trust())

clientside_callback(
    ClientsideFunction("network", "choose"),
    Output(DRAWN, "data"),
    Output(card.USER, "value"),
    Output(card.TREE_CONTROLS, "hidden"),
    Output(card.SCHOOL_CONTROLS, "hidden"),
    Input(card.KIND, "value"),
    Input(card.USER, "value"),
    Input(card.TREE_SIZE, "value"),
    Input(card.TREE_COLOUR, "value"),
    Input(card.SCHOOL_SIZE, "value"),
    Input(card.SCHOOL_COLOUR, "value"),
    Input(card.OPEN_ALL, "n_clicks"),
    Input(card.START_AGAIN, "n_clicks"),
    Input(card.CANVAS, "tapNodeData", allow_optional=True),
    State(DRAWN, "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("network", "facts"),
    Output(card.FACTS, "children"),
    Input(card.CANVAS, "tapNodeData"),
    prevent_initial_call=True,
)


def build(
    snapshot: Snapshot, params: dict[str, str] | None, theme: Theme, drawn: Mapping[str, Any] | None = None
) -> Sequence[Component]:
    """The cards and figures under the filters that ``params`` ask for, with the graph that ``drawn`` asks for."""
    question = ask(VIEW, snapshot, params, theme)
    asked, means, csv, filters = question.asked, question.means, question.csv, question.filters
    k, change, pairs = network.k(*asked), network.change(*asked), network.next_generation(*asked)
    on_record = network.on_record(*asked)
    view, _ = network_view.parse(drawn)
    of_tree = partial(_address, question.chosen)
    parts = [
        kpi_cards(k, on_record if filters.user_type is None else on_record.head(0), change, pairs, filters, means),
        chain_card(k, means("k_factors"), csv("network-chain")),
        card.graph_card(view, area(snapshot, params, theme, drawn), means("network_graph")),
        html.Div(
            [
                change_card(change, means("k_change"), csv("network-change")),
                generations_card(network.generations(*asked), means("k_generation"), csv("network-generations")),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                pairs_card(pairs, means("next_generation"), csv("network-pairs")),
                reproduction_card(
                    network.reproduction(*asked), filters, means("reproduction"), csv("network-reproduction"), theme
                ),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                spreaders_card(
                    spreading.spreaders(*asked), means("super_spreader"), csv("network-spreaders"), of_tree
                ),
                offspring_card(
                    spreading.offspring(*asked), spreading.spread(*asked), means("offspring"),
                    csv("network-offspring"), theme,
                ),
            ],
            className="figure-row",
        ),
        html.Div(
            [
                scorecard_card(
                    school_network.scorecard(*asked), means("school_scorecard"), csv("network-scorecard"), theme,
                    of_tree,
                ),
                cascades_card(spreading.cascades(*asked), means("cascade"), csv("network-cascades")),
            ],
            className="figure-row",
        ),
    ]  # fmt: skip
    return question.answered(parts, ROWS)


def area(
    snapshot: Snapshot, params: Mapping[str, str] | None, theme: Theme, drawn: Mapping[str, Any] | None
) -> list[Component]:
    """The picture of the graph with its list, and what of ``drawn`` could not be followed."""
    view, ignored = network_view.parse(drawn)
    filters, _ = parse(params, bounds(snapshot))
    csv = card.csv_of_drawn(exports.chosen_href(exports.DRAWN, view))
    if view.graph == "schools":
        schools, flows = school_network.schools(snapshot, view), school_network.flows(snapshot, view)
        shown = school_area(schools, flows, view, card.CANVAS, csv, theme)
    else:
        rows = referral_tree.tree(snapshot, view, may_see_trust())
        shown = tree_area(rows, view, partial(_address, filters), card.CANVAS, csv, theme)
    return [*notices(ignored), *shown]


def _address(filters: Filters, user: int) -> str:
    """This view with the same filters and another user in the middle of the tree."""
    return f"{VIEW.path}?{urlencode(filters.to_params() | {'user': str(user)})}"
