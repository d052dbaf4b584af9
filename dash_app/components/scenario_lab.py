"""The scenario lab: a slider for every lever, and the result beside the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dash_app.components.aria import aria
from dash_app.components.figure_card import figure_card
from dash_app.components.states import nothing
from dash_app.filters import day_text
from dash_app.queries.scenario import Futures
from dash_app.scenario_view import BUDGET, PARAMS, RULES, SLIDERS, ScenarioView

ID = "finance-lab"
TITLE = "Scenario lab: what if?"
AREA, BACK, LEVERS = f"{ID}-area", f"{ID}-back", f"{ID}-levers"


class Lever(NamedTuple):
    """How a slider is called, and how its value is written: between ``before`` and ``after``, signed for changes."""

    label: str
    before: str = ""
    after: str = ""
    signed: bool = True


NAMES = {
    "conversion": Lever("Conversion of new invitations", after=" %"),
    "points": Lever("The same in percentage points", after=" points"),
    "invitations": Lever("Invitations sent", after=" %"),
    "redemption": Lever("Redemptions", after=" %"),
    "referrer_bonus": Lever("Bonus of the referrer", before="$", signed=False),
    "friend_bonus": Lever("Bonus of the friend", before="$", signed=False),
}
_RULE_NAMES = {"window": "Code applied within", "qualifying": "What qualifies"}
_QUALIFYING = {"scan_or_link": "Scan or school link", "link_required": "School link only"}
_SIDES = {"referrer_bonus": "referrer", "friend_bonus": "referred"}


def control(name: str) -> str:
    """The id of the control of a lever."""
    return f"{ID}-{name.replace('_', '-')}"


def value_text(name: str) -> str:
    """The id of the text that says where a slider stands."""
    return f"{control(name)}-text"


def lab_card(given: Futures, view: ScenarioView, area: Sequence[Component], means: str) -> html.Section:
    """The controls as ``view`` has them above ``area``, the result. Needs ``queries.scenario.futures``."""
    if not given.is_known:
        return figure_card(ID, TITLE, means, nothing("There is no forecast to change yet: it comes with the build."))
    base = base_values(given)
    controls = html.Div(
        [
            dcc.Store(id=LEVERS, data=[_told(name, base[name]) for name in PARAMS]),
            *(_slider(name, getattr(view, name), base[name]) for name in SLIDERS),
            *(_rule(name, getattr(view, name), base[name]) for name in RULES),
            _budget(view.budget),
            html.Button("Back to the base", id=BACK, type="button", className="btn btn-sm btn-outline-secondary"),
        ],
        className="levers",
        role="group",
        **aria(label="What the scenario changes"),
    )
    content = html.Div([controls, html.Div([*area], id=AREA)])
    caption = f"A lever changes only what it names, from {day_text(given.begins)} on. The rest stays as forecast."
    return figure_card(ID, TITLE, means, content, caption)


def base_values(given: Futures) -> dict[str, float | str]:
    """Where every control stands when nothing is changed: 0, the expected bonus to the step, the rules in force."""
    values: dict[str, float | str] = dict.fromkeys(SLIDERS, 0)
    for name, side in _SIDES.items():
        lowest, highest, step = SLIDERS[name]
        values[name] = min(max(round(given.price(side) / step) * step, lowest), highest)
    values[BUDGET] = ""
    return values | {"window": str(given.in_force["window_hours"]), "qualifying": str(given.in_force["qualifying"])}


def _told(name: str, base: float | str) -> dict[str, Any]:
    """What the browser must know of a lever; see assets/web/lab.js."""
    return {"name": name, "base": base} | (NAMES[name]._asdict() if name in SLIDERS else {})


def _slider(name: str, value: float | None, base: float | str) -> html.Div:
    lowest, highest, step = SLIDERS[name]
    marks = f"{control(name)}-marks"
    slider: Any = dbc.Input(
        id=control(name), type="range", min=lowest, max=highest, step=step, list=marks,
        value=base if value is None else value, debounce=200, class_name="form-range",
    )  # fmt: skip
    return html.Div(
        [
            html.Div(
                [
                    html.Label(NAMES[name].label, htmlFor=control(name), className="filter-label"),
                    html.Span(id=value_text(name), className="lever-value"),
                ],
                className="lever-head",
            ),
            slider,
            html.Datalist(html.Option(value=str(base)), id=marks),
        ],
        className="lever",
    )


def _rule(name: str, value: object, base: float | str) -> html.Div:
    choices = sorted({*RULES[name], str(base)}, key=lambda choice: (len(choice), choice))
    options: Any = [
        {"label": _choice(name, choice) + (" (as it is)" if choice == base else ""), "value": choice}
        for choice in choices
    ]
    select = dbc.Select(id=control(name), options=options, value=str(value or base), size="sm")
    return html.Div(
        [html.Label(_RULE_NAMES[name], htmlFor=control(name), className="filter-label"), select], className="lever"
    )


def _budget(value: float | None) -> html.Div:
    # 700 ms: an amount is typed digit by digit
    amount = dbc.Input(
        id=control(BUDGET), type="number", min=0, step="any", value="" if value is None else value, size="sm",
        debounce=700, placeholder="USD, such as 5000",
    )  # fmt: skip
    label = html.Label("Budget for awards in 90 days", htmlFor=control(BUDGET), className="filter-label")
    return html.Div([label, amount], className="lever")


def _choice(name: str, choice: str) -> str:
    return _QUALIFYING.get(choice, choice) if name == "qualifying" else f"{choice} hours"
