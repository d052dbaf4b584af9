"""What no callback names is folded into one component; what one names stays a component of its own."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
import pytest
from dash import dcc, html
from dash.development.base_component import Component

from dash_app import ids
from dash_app.app import app
from dash_app.components.table import table
from dash_app.static_html import StaticHtml, folded

assert app.callback_map, "the app has its callbacks"


def elements(component: Any) -> Any:
    assert isinstance(component, StaticHtml), component
    return component.elements


def test_plain_html_side_by_side_is_one_component() -> None:
    (only,) = folded([html.P(["Raised ", html.B("$5")], className="kpi"), html.Hr(), "so far"])

    assert elements(only) == [["p", {"className": "kpi"}, "Raised ", ["b", {}, "$5"]], ["hr", {}], "so far"]


def test_what_a_callback_names_stays_and_so_does_what_it_is_in() -> None:
    inside = html.Div("3 minutes ago", id=ids.FRESHNESS)
    (section,) = folded([html.Section([html.H2("Fresh"), inside, html.P("a"), html.P("b")])])

    heading, kept, words = section.children
    assert elements(heading) == [["h2", {}, "Fresh"]]
    assert kept is inside
    assert kept.children == ["3 minutes ago"]
    assert len(elements(words)) == 2


@pytest.mark.parametrize(
    "component",
    [
        dcc.Graph(),
        dcc.Store(id="a"),
        dbc.Alert("Careful"),
        html.Button("Open", id={"type": "trust-open", "case": "c1"}),
        html.Div(id="executive-body"),
        html.Button("Theme", id=ids.THEME_TOGGLE),
    ],
)
def test_what_acts_is_not_folded(component: Component) -> None:
    assert folded([component]) == [component]


def test_an_id_that_no_callback_names_is_an_attribute() -> None:
    (only,) = folded([html.P("$5", id="kpi-raised-value")])

    assert elements(only) == [["p", {"id": "kpi-raised-value"}, "$5"]]


def test_links_and_definitions_of_libraries_are_drawn_where_they_stand() -> None:
    (only,) = folded([html.Span([dcc.Link("User 7", href="/x"), dbc.Tooltip("Means", target="a")])])

    link, tooltip = elements(only)[0][2:]
    assert link == ["Link", {"href": "/x"}, "User 7"]
    assert tooltip[0] == "Tooltip"
    assert tooltip[2:] == ["Means"]


def test_numbers_and_absent_children_are_words_and_nothing() -> None:
    (only,) = folded([html.Td(7), html.Td(), html.Td([None, 0])])

    assert elements(only) == [["td", {}, "7"], ["td", {}], ["td", {}, "0"]]


def test_a_table_is_one_component_however_many_cells_it_has() -> None:
    shown = table(pd.DataFrame({"name": ["Elm", "Oak"], "usd": [5.0, 7.5]}), {"name": ("School", None)}, "Schools")

    (only,) = folded([shown])

    assert elements(only)[0][:2] == [
        "div",
        {"className": "table-scroll", "tabIndex": 0, "role": "region", "aria-label": "Schools"},
    ]
