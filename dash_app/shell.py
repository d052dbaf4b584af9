"""What surrounds every page: navigation, freshness, theme, and the callbacks that belong to no view."""

from __future__ import annotations

import logging
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import (
    ClientsideFunction,
    Input,
    Output,
    State,
    callback,
    clientside_callback,
    dcc,
    html,
    no_update,
    set_props,
)
from dash.development.base_component import Component

from dash_app import ids
from dash_app.access.gate import LOG_OUT, may, who
from dash_app.components.aria import aria
from dash_app.filters import NARROWINGS
from dash_app.freshness import Freshness, freshness
from dash_app.queries.snapshot import reader
from dash_app.views import VIEWS

log = logging.getLogger(__name__)

#: How often a page asks whether there is a newer snapshot.
TICK_MS = 10_000
_ICONS = {"fresh": "bi-check-circle", "stale": "bi-clock-history", "missing": "bi-database-slash"}


def layout() -> html.Div:
    """The frame of the app, made anew for every visit."""
    stamp = freshness(reader())
    return html.Div(
        [
            html.A("Skip to the content", href="#content", className="skip-link"),
            dcc.Store(id=ids.SNAPSHOT, data=stamp.snapshot),
            dcc.Store(id=ids.THEME),
            dcc.Store(id=ids.FILTERS),
            dcc.Interval(id=ids.TICK, interval=TICK_MS),
            html.Header([_top(stamp), _navigation()], className="shell-header"),
            html.Main(dash.page_container, id="content", tabIndex=-1),
            dbc.Toast(
                id=ids.TOAST,
                header="Something went wrong",
                icon="danger",
                is_open=False,
                dismissable=True,
                duration=15_000,
                class_name="shell-toast",
            ),
        ]
    )


def on_error(error: Exception) -> None:
    """A callback failed: the page keeps what it showed, and the reader is told."""
    log.exception("A callback failed", exc_info=error)
    set_props(
        ids.TOAST,
        {
            "is_open": True,
            "children": "The page could not be updated and shows what it showed before. Try again; if it stays so, the "
            "server's log has the reason.",
        },
    )


def _top(stamp: Freshness) -> html.Div:
    return html.Div(
        [
            dcc.Link(
                [
                    html.I(className="bi bi-box2-heart", **aria(hidden="true")),
                    " Carton Caps ",
                    html.Span("Analytics"),
                ],
                href="/",
                className="brand",
            ),
            html.Div(_stamp(stamp), id=ids.FRESHNESS, className="freshness", role="status"),
            *_person(),
            html.Button(
                html.I(className="bi bi-circle-half", **aria(hidden="true")),
                id=ids.THEME_TOGGLE,
                type="button",
                className="theme-toggle",
                **aria(label="Switch between light and dark"),
            ),
        ],
        className="shell-top",
    )


def _person() -> list[Component]:
    """Who is here and the way out, while access is on."""
    name = who()
    if name is None:
        return []
    out = html.Button("Log out", type="submit", className="btn btn-link btn-sm")
    return [html.Form([html.Span(name), out], action=LOG_OUT, method="post", className="person")]


def _stamp(stamp: Freshness) -> html.Span:
    return html.Span(
        [html.I(className=f"bi {_ICONS[stamp.level]}", **aria(hidden="true")), " ", stamp.text],
        className=f"stamp {stamp.level}",
        title=stamp.detail,
    )


def _navigation() -> html.Nav:
    links = [
        dbc.NavLink(
            [html.Span(view.title, className="nav-long"), html.Span(view.short, className="nav-short")],
            id=ids.nav(view.name),
            href=view.path,
            active=False,
            # not left out: the callback that marks the current one wants all of them
            class_name=None if may(view.name) else "d-none",
        )
        for view in VIEWS.values()
    ]
    return html.Nav(links, className="nav shell-nav", **aria(label="Views"))


@callback(
    Output(ids.FRESHNESS, "children"),
    Output(ids.SNAPSHOT, "data"),
    Input(ids.TICK, "n_intervals"),
    State(ids.SNAPSHOT, "data"),
    prevent_initial_call=True,
)
def follow_the_snapshot(_ticks: int, shown: dict[str, str] | None) -> tuple[html.Span, Any]:
    """Say how fresh the data is now; a new build makes every page ask again."""
    stamp = freshness(reader())
    return _stamp(stamp), no_update if stamp.snapshot == shown else stamp.snapshot


clientside_callback(
    ClientsideFunction("shell", "theme"), Output(ids.THEME, "data"), Input(ids.THEME_TOGGLE, "n_clicks")
)
clientside_callback(ClientsideFunction("shell", "arrived"), Input(ids.SNAPSHOT, "data"))
clientside_callback(
    ClientsideFunction("shell", "navigation"),
    [Output(ids.nav(name), prop) for name in VIEWS for prop in ("href", "active")],
    Input(ids.LOCATION, "pathname"),
    Input(ids.FILTERS, "data"),
    State(ids.LOCATION, "search"),
)
clientside_callback(
    ClientsideFunction("filters", "sync"),
    Output(ids.PERIOD, "value"),
    Output(ids.FROM, "value"),
    Output(ids.TO, "value"),
    *(Output(ids.narrowing(name), "value") for name in NARROWINGS),
    Output(ids.FILTERS, "data"),
    Input(ids.PERIOD, "value"),
    Input(ids.FROM, "value"),
    Input(ids.TO, "value"),
    *(Input(ids.narrowing(name), "value") for name in NARROWINGS),
    Input(ids.RESET, "n_clicks"),
    Input(ids.BOUNDS, "data"),
)
clientside_callback(
    ClientsideFunction("filters", "bounds"),
    Output(ids.BOUNDS, "data"),
    Input(ids.SNAPSHOT, "data"),
    prevent_initial_call=True,
)
