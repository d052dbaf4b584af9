"""What a scenario gives beside the forecast, and what it assumes."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from dash_app.components.figure_card import csv_link
from dash_app.components.graph import graph
from dash_app.components.scenario_lab import ID, TITLE
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.filters import day_text
from dash_app.formats import usd
from dash_app.queries.scenario import Futures
from dash_app.scenario_view import ScenarioView


def _signed(amount: float) -> str:
    return usd(0) if amount == 0 else f"{'+' if amount > 0 else '-'}{usd(abs(amount))}"


_MEASURES = {"awards_usd": "Awarded", "redemptions_usd": "Redeemed", "liability_usd": "Owed at the end"}
_OF = {"base": "base_", "scenario": ""}
_ACTIONS = {
    "scan_or_link": "a receipt scan or a school link qualifies",
    "link_required": "only a school link qualifies",
}
_COLUMNS: Columns = {
    "what": ("What", None),
    "horizon": ("In", None),
    "base_expected": ("Base", usd),
    "expected": ("Scenario", usd),
    "difference_usd": ("Difference", _signed),
    "difference_share": ("in %", lambda value: f"{value:+.1%}" if value else "0.0%"),
}
_INTERVALS: Columns = {name: _COLUMNS[name] for name in ("what", "horizon")} | {
    "base_80": ("Base, 8 of 10 times", None),
    "scenario_80": ("Scenario, 8 of 10 times", None),
    "base_95": ("Base, 19 of 20 times", None),
    "scenario_95": ("Scenario, 19 of 20 times", None),
}


class Answers(NamedTuple):
    """What ``queries.scenario`` says of one scenario; ``rows`` is not empty."""

    rows: pd.DataFrame
    """Of ``beside_base``."""
    same_cost: float | None
    """Of ``bonus_that_costs_the_same``."""
    over_budget: tuple[float, float] | None
    """Of ``over_budget``."""


def result(answers: Answers, given: Futures, view: ScenarioView, csv_href: str, theme: Theme) -> list[Component]:
    """Sentence, assumptions, lines and table."""
    rows = answers.rows
    twin = rows.assign(
        what=rows["measure"].map(_MEASURES),
        horizon=[f"{days} days" for days in rows["horizon_days"]],
        **{f"{name}_{level}": _between(rows, of, level) for name, of in _OF.items() for level in (80, 95)},
    )
    says = "USD. The base is the published forecast"
    intervals = table(twin, _INTERVALS, "USD. How sure the totals are; the same futures, not sums of daily bounds")
    return [
        html.P(_headline(rows, view), className="headline", id=f"{ID}-headline", role="status"),
        *_assumes(answers, given, view),
        html.Div(
            [_line_chart(rows[rows["measure"] == measure], measure, given, view, theme) for measure in _MEASURES],
            className="lab-charts",
        ),
        table(twin, _COLUMNS, says),
        html.Details([html.Summary("Show the intervals"), intervals], id=f"{ID}-table", className="twin"),
        csv_link(ID, TITLE, csv_href),
    ]


def assumptions(given: Futures, view: ScenarioView) -> list[str]:
    """One plain sentence for each lever that is moved."""
    rate = given.in_force["conversion"]
    since = f"from {day_text(given.begins)} on"
    new = f"Invitations sent {since}"
    found = []
    if view.conversion:
        found.append(
            f"{new} convert {_more(view.conversion)} often than forecast; those under way are left as they are."
        )
    if view.points:
        found.append(
            f"Of 100 invitations sent {since} {_of_100(100 * rate + view.points)} become eligible "
            f"instead of {_of_100(100 * rate)}."
        )
    if view.invitations:
        found.append(f"{_more(view.invitations).replace('less', 'fewer')} invitations are sent {since} than forecast.")
    if view.redemption:
        found.append(f"People redeem {_more(view.redemption)} than forecast, of old bonuses and of new ones.")
    for bonus, who, side in (
        (view.referrer_bonus, "referrer", "referrer"),
        (view.friend_bonus, "friend", "referred"),
    ):
        if bonus is not None:
            found.append(
                f"Each bonus of a {who} that falls due {since} is {usd(bonus)} instead of "
                f"{usd(given.price(side))}; nobody behaves differently for it."
            )
    if view.window or view.qualifying:
        hours = view.window or given.in_force["window_hours"]
        action = _ACTIONS[view.qualifying or str(given.in_force["qualifying"])]
        found.append(
            f"The code must be applied within {hours} hours of the first install, and {action}; judged by what past "
            "invitations would have become."
        )
    return found


def _assumes(answers: Answers, given: Futures, view: ScenarioView) -> list[Component]:
    sentences = assumptions(given, view)
    if answers.same_cost is not None:
        sentences.append(
            "The awards of 90 days would cost as much as in the base with a bonus of "
            f"{usd(answers.same_cost)} for each side."
        )
    if answers.over_budget is not None and view.budget is not None:
        now, base = (f"{100 * chance:.0f}" for chance in answers.over_budget)
        sentences.append(
            f"In {now} of 100 futures the awards of 90 days cost more than {usd(view.budget)}; in the base in {base}."
        )
    lines = [html.Li(sentence) for sentence in sentences]
    return [html.Ul(lines, className="assumes", id=f"{ID}-assumes")] if lines else []


def _headline(rows: pd.DataFrame, view: ScenarioView) -> str:
    last = rows[rows["horizon_days"] == rows["horizon_days"].max()].set_index("measure")
    awards, owed = last.loc["awards_usd"], last.loc["liability_usd"]
    if view.is_base:
        return (
            f"The base: {usd(awards['base_expected'])} awarded within 90 days, {usd(owed['base_expected'])} owed at "
            "their end. Move a lever to see what it changes."
        )
    return (
        f"Within 90 days {usd(awards['expected'])} are awarded instead of {usd(awards['base_expected'])} "
        f"({_difference(awards)}); {usd(owed['expected'])} are owed at their end ({_difference(owed)})."
    )


def _difference(row: pd.Series) -> str:
    text = _signed(row["difference_usd"])
    return text if pd.isna(row["difference_share"]) else f"{text}, {row['difference_share']:+.1%}"


def _more(percent: float) -> str:
    return f"{abs(percent):g} % {'more' if percent > 0 else 'less'}"


def _of_100(number: float) -> str:
    return f"{max(number, 0):.1f}"


def _between(rows: pd.DataFrame, prefix: str, level: int) -> list[str]:
    low, high = rows[f"{prefix}lower_{level}"], rows[f"{prefix}upper_{level}"]
    return [f"{usd(lower)} to {usd(upper)}" for lower, upper in zip(low, high, strict=True)]


def _line_chart(rows: pd.DataFrame, measure: str, given: Futures, view: ScenarioView, theme: Theme) -> html.Div:
    colours = PALETTES[theme]
    starts = given.owed_now_usd if measure == "liability_usd" else 0.0
    today = rows["as_of_date"].iloc[0] - pd.Timedelta(days=1)
    days = [today, *rows["last_date"]]
    figure = go.Figure()
    lines = [("base", "base_", colours.muted, "dash", 0.18)]
    if not view.is_base:
        lines.append(("scenario", "", colours.money, "solid", 0.22))
    for name, prefix, colour, dash, opacity in lines:
        low, high = ([starts, *rows[f"{prefix}{end}_80"]] for end in ("lower", "upper"))
        figure.add_scatter(
            x=days + days[::-1], y=high + low[::-1], mode="lines", fill="toself", fillcolor=colour, opacity=opacity,
            line={"width": 0}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=days, y=[starts, *rows[f"{prefix}expected"]], name=name, mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate=f"{name}, %{{x|%-d %b %Y}}: $%{{y:,.0f}}<extra></extra>",
        )  # fmt: skip
    title = f"{_MEASURES[measure]}, USD"
    figure.update_layout(template=template(theme), title=None, showlegend=True)
    figure.update_yaxes(tickprefix="$", tickformat=",", rangemode="tozero", nticks=4)
    figure.update_xaxes(tickformat="%-d %b", tickvals=days, tickangle=0)
    says = f"{title}: scenario and base, with the range of 8 of 10 futures"
    return html.Div([html.H3(title, className="bar-group"), graph(f"{ID}-{measure}", figure, says, height="200px")])
