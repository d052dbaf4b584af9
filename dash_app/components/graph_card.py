"""The card of the network graphs: its controls, which keep their place while the picture changes, and the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dash_app.components.aria import aria
from dash_app.components.figure_card import csv_link, figure_card
from dash_app.network_view import COLOURS, SIZES, NetworkView

KIND, USER = "network-kind", "network-user"
TREE_SIZE, TREE_COLOUR = "network-tree-size", "network-tree-colour"
SCHOOL_SIZE, SCHOOL_COLOUR = "network-school-size", "network-school-colour"
TREE_CONTROLS, SCHOOL_CONTROLS = "network-tree-controls", "network-school-controls"
OPEN_ALL, START_AGAIN = "network-open-all", "network-start-again"
AREA, CANVAS, FACTS = "network-area", "network-canvas", "network-facts"

_ID, _TITLE = "network-graph", "Who brought whom"
_KINDS = {"tree": "Referral tree", "schools": "Schools"}
_NAMES = {
    "direct_referrals": "users referred",
    "descendants": "users below",
    "raised_usd": "money raised with all below",
    "generation": "generation",
    "user_type": "user type",
    "school": "school",
    "trust": "trust state",
    "referrals_out": "referrals by members",
    "members": "members",
    "k_60_shrunk": "K in 60 days",
    "community": "community",
    "growth": "K against the programme's",
}


def graph_card(view: NetworkView, area: Sequence[Component], means: str) -> html.Section:
    """The controls set to ``view``, and ``area`` below them."""
    of_tree, of_schools = view.graph == "tree", view.graph == "schools"
    controls = html.Div(
        [
            html.Fieldset(
                [
                    html.Legend("Graph", className="filter-label"),
                    dbc.RadioItems(
                        id=KIND,
                        options=[{"label": label, "value": kind} for kind, label in _KINDS.items()],
                        value=view.graph,
                        className="btn-group",
                        input_class_name="btn-check",
                        label_class_name="btn btn-outline-secondary btn-sm",
                        label_checked_class_name="active",
                    ),
                ],
                className="filter",
            ),
            html.Div(
                [
                    _labelled("Find a user by id", USER, _search(view)),
                    _choice("Size", TREE_SIZE, SIZES["tree"], view.size if of_tree else None),
                    _choice("Colour", TREE_COLOUR, COLOURS["tree"], view.colour if of_tree else None),
                    _button("Open all", OPEN_ALL),
                ],
                id=TREE_CONTROLS,
                className="graph-controls",
                hidden=not of_tree,
            ),
            html.Div(
                [
                    _choice("Size", SCHOOL_SIZE, SIZES["schools"], view.size if of_schools else None),
                    _choice("Colour", SCHOOL_COLOUR, COLOURS["schools"], view.colour if of_schools else None),
                ],
                id=SCHOOL_CONTROLS,
                className="graph-controls",
                hidden=not of_schools,
            ),
            _button("Start again", START_AGAIN),
        ],
        className="filter-bar mb-1",
        role="group",
        **aria(label="What the graph shows"),
    )
    content = html.Div(
        [
            controls,
            html.P(id=FACTS, className="figure-caption facts", role="status"),
            html.Div([*area], id=AREA),
        ]
    )
    return figure_card(_ID, _TITLE, means, content)


def csv_of_drawn(href: str) -> html.A:
    """The list of what is drawn as a file; it changes with the picture."""
    return csv_link(_ID, _TITLE, href)


def _search(view: NetworkView) -> dbc.Input:
    value = "" if view.user is None else str(view.user)
    # 700 ms: an id is typed digit by digit
    return dbc.Input(
        id=USER, type="text", inputmode="numeric", value=value, size="sm", debounce=700, placeholder="1210"
    )


def _choice(text: str, control_id: str, values: Sequence[str], value: str | None) -> html.Div:
    options: list[Mapping[str, str]] = [{"label": _NAMES[choice], "value": choice} for choice in values]
    return _labelled(
        text, control_id, dbc.Select(id=control_id, options=[*options], value=value or values[0], size="sm")
    )


def _labelled(text: str, control_id: str, control: Component) -> html.Div:
    return html.Div([html.Label(text, htmlFor=control_id, className="filter-label"), control], className="filter")


def _button(text: str, button_id: str) -> html.Button:
    return html.Button(text, id=button_id, type="button", className="btn btn-sm btn-link filter-reset")
