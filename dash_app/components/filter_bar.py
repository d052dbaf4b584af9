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
    """Period and what narrows it, set to ``filters``; what the view does not follow is kept for the others, greyed."""
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
            *(_narrowing(name, title, options, filters, view) for name, (title, options) in _choices(bounds).items()),
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


def _labelled(text: str, control_id: str, control: dbc.Input | dbc.Select, hidden: bool = False) -> html.Div:
    label = html.Label(text, htmlFor=control_id, className="filter-label")
    return html.Div([label, control], className="filter", hidden=hidden)


def _choices(bounds: Bounds) -> dict[str, tuple[str, list[dict[str, str]]]]:
    """Narrowing -> its title and what can be chosen beside `all`."""
    return {
        "user_type": ("User type", [_option(kind.capitalize(), kind) for kind in USER_TYPES]),
        "state": ("State", [_option(name, code) for code, name in sorted(STATES.items(), key=lambda state: state[1])]),
        "school": ("School", [_option(name, str(school_id)) for school_id, name in bounds.schools.items()]),
        "channel": ("Came by", [_option(name.replace("_", " ").capitalize(), name) for name in bounds.channels]),
        "fraud": ("Fraud", [_option("Confirmed left out", "out")]),
    }


def _narrowing(name: str, title: str, options: list[dict[str, str]], filters: Filters, view: View) -> html.Div:
    """One select. Where the view does not follow it, it is shown only to say that its value does not count here."""
    chosen = filters.narrowed_to[name]
    is_followed = name in view.narrowed_by
    everything = _option("As reported" if name == "fraud" else "All", "all")
    control = dbc.Select(
        id=ids.narrowing(name),
        options=[everything, *options],
        value="all" if chosen is None else str(chosen),
        size="sm",
        disabled=not is_followed,
    )
    return _labelled(
        title if is_followed else f"{title}: not here",
        ids.narrowing(name),
        control,
        hidden=not is_followed and chosen is None,
    )


def _option(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}
