"""The controls of the filters. The browser keeps them and the URL in step, see assets/web/filters.js."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dash_app import ids
from dash_app.components.aria import aria
from dash_app.filters import USER_TYPES, Bounds, Filters
from dash_app.us_states import STATES
from dash_app.views import View

_PERIODS = {"7d": "7 days", "28d": "28 days", "90d": "90 days", "all": "All", "custom": "Custom"}


def filter_bar(filters: Filters, bounds: Bounds, view: View) -> html.Section:
    """Period, user type and state, set to ``filters``; what the view does not follow is kept for the others, greyed."""
    return html.Section(
        [
            dcc.Store(id=ids.BOUNDS, data=bounds_data(bounds)),
            html.Fieldset(
                [
                    html.Legend("Period", className="filter-label"),
                    dbc.RadioItems(
                        id=ids.PERIOD,
                        options=[{"label": label, "value": value} for value, label in _PERIODS.items()],
                        value=filters.preset or "custom",
                        className="btn-group",
                        input_class_name="btn-check",
                        label_class_name="btn btn-outline-secondary btn-sm",
                        label_checked_class_name="active",
                    ),
                ],
                className="filter",
            ),
            _labelled("From", ids.FROM, _day(ids.FROM, filters.start.isoformat(), bounds)),
            _labelled("To", ids.TO, _day(ids.TO, filters.end.isoformat(), bounds)),
            _labelled(
                "User type",
                ids.USER_TYPE,
                dbc.Select(
                    id=ids.USER_TYPE,
                    options=[_option("All", "all"), *(_option(kind.capitalize(), kind) for kind in USER_TYPES)],
                    value=filters.user_type or "all",
                    size="sm",
                    disabled="user_type" not in view.narrowed_by,
                ),
            ),
            _labelled(
                "State",
                ids.STATE,
                dbc.Select(
                    id=ids.STATE,
                    options=[_option("All", "all"), *(_option(name, code) for code, name in _by_name())],
                    value=filters.state or "all",
                    size="sm",
                    disabled="state" not in view.narrowed_by,
                ),
            ),
            html.Button("Reset", id=ids.RESET, type="button", className="btn btn-sm btn-link filter-reset"),
        ],
        className="filter-bar",
        **aria(label="Filters"),
    )


def bounds_data(bounds: Bounds) -> dict[str, str]:
    """The days of the data as the browser needs them to turn a preset into dates."""
    return {"first_day": bounds.first_day.isoformat(), "last_day": bounds.last_day.isoformat()}


def _day(input_id: str, value: str, bounds: Bounds) -> dbc.Input:
    days: dict[str, Any] = {"min": bounds.first_day.isoformat(), "max": bounds.last_day.isoformat()}
    # 700 ms: a year is typed digit by digit, and 0002 is a valid one
    return dbc.Input(id=input_id, type="date", value=value, size="sm", debounce=700, **days)


def _labelled(text: str, control_id: str, control: dbc.Input | dbc.Select) -> html.Div:
    return html.Div([html.Label(text, htmlFor=control_id, className="filter-label"), control], className="filter")


def _option(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}


def _by_name() -> list[tuple[str, str]]:
    return sorted(STATES.items(), key=lambda entry: entry[1])
