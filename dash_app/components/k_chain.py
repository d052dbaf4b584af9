"""K as the product of its four factors, and which of them moved it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from dash import html

from dash_app.components.aria import aria
from dash_app.components.figure_card import figure_card
from dash_app.components.network_kpis import FACTORS, cohort_text, k_text
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.formats import bare_rate, count, rate

_CHAIN: Columns = {
    "window_days": ("Days", count),
    "mature_users": ("Mature users", count),
    "inviters": ("Who invited", count),
    "invitations": ("Invitations", count),
    "applications": ("Codes applied", count),
    "offspring": ("New eligible users", count),
    "k": ("K", lambda k: f"{k:.3f}"),
    "k_low": ("from", lambda k: f"{k:.3f}"),
    "k_high": ("to", lambda k: f"{k:.3f}"),
}
_CHANGE: Columns = {
    "name": ("Factor", None),
    "before": ("Before", None),
    "now": ("Latest", None),
    "contribution": ("Adds to K", lambda value: f"{value:+.3f}"),
}


def chain_card(k: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """The four factors of K_60 with what each is made of. Needs ``queries.network.k``."""
    figure_id, title = "network-chain", "Where K comes from: four factors whose product it is"
    of_60 = k[(k["window_days"] == 60) & (k["mature_users"] > 0)]
    if of_60.empty:
        return figure_card(figure_id, title, means, nothing("No user has had 60 days yet, and seven for late data."))
    row = of_60.iloc[0]
    links = [
        _rate_link(row["inviters"], row["mature_users"], "of users invite", " mature users"),
        _link(_times(row["invitations_per_inviter"]), "invitations each", f"{count(row['invitations'])} in all"),
        _rate_link(row["applications"], row["invitations"], "of them applied"),
        _rate_link(row["offspring"], row["applications"], "become eligible"),
    ]
    chain: list = []
    for number, link in enumerate(links):
        chain += [
            *([html.Li("\N{MULTIPLICATION SIGN}", className="sign", **aria(hidden="true"))] if number else []),
            link,
        ]
    product = k_text(row["k"], row["k_low"], row["k_high"], row["mature_users"])
    chain += [
        html.Li("=", className="sign", **aria(hidden="true")),
        html.Li(
            [
                html.Span(product, className="chain-value"),
                html.Span("K in 60 days", className="chain-name"),
                html.Span(f"{row['k_low']:.2f} to {row['k_high']:.2f}", className="chain-made-of"),
            ],
            className="chain-link result",
        ),
    ]
    content = html.Ul(chain, className="chain")
    return figure_card(figure_id, title, means, content, None, table(k, _CHAIN, title), csv_href)


def change_card(change: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """What each factor added to the change of K between two groups of signups. Needs ``queries.network.change``."""
    figure_id, title = "network-change", "What moved K in 60 days"
    if change.empty:
        few = (
            "K of two weeks or months of signups is compared once both are mature, on record, and of 20 users at least."
        )
        return figure_card(figure_id, title, means, nothing(few))
    records = change.to_dict("records")
    now = records[0]
    most = max(abs(row["contribution"]) for row in records) or 1
    lines = [_line(row, most) for row in records]
    twin = change.assign(
        name=change["factor"].map(FACTORS),
        before=[_value(row, "previous_", rate) for row in records],
        now=[_value(row, "", rate) for row in records],
    )
    content = html.Ul(lines, className="diverging")
    return figure_card(figure_id, title, means, content, _caption(now, records), table(twin, _CHANGE, title), csv_href)


def _link(value: str, name: str, made_of: str) -> html.Li:
    return html.Li(
        [
            html.Span(value, className="chain-value"),
            html.Span(name, className="chain-name"),
            html.Span(made_of, className="chain-made-of"),
        ],
        className="chain-link",
    )


def _rate_link(numerator: float, denominator: float, name: str, of: str = "") -> html.Li:
    return _link(bare_rate(numerator, denominator), name, f"{count(numerator)} of {count(denominator)}{of}")


def _line(row: dict, most: float) -> html.Li:
    less = row["contribution"] < 0
    half = abs(row["contribution"]) / most / 2
    place = {"width": f"{half:.1%}", "left": f"{0.5 - half if less else 0.5:.1%}"}
    broke = html.Strong(" ← it broke here") if row["is_where_it_broke"] else ""
    moved = f"{_value(row, 'previous_', bare_rate)} → {_value(row, '', bare_rate)}"
    return html.Li(
        [
            html.Div(
                [
                    html.Span([FACTORS[row["factor"]], broke], className="bar-name"),
                    html.Span(moved, className="bar-detail"),
                    html.Span(f"{row['contribution']:+.3f}", className="bar-number"),
                ],
                className="bar-text",
            ),
            html.Div(
                html.Div(className="less" if less else "more", style=place),
                className="bar-track",
                **aria(hidden="true"),
            ),
        ]
    )


def _caption(now: dict, records: list[dict]) -> str:
    latest, before = (cohort_text(now["cohort_grain"], now[key]) for key in ("cohort_start", "previous_cohort_start"))
    overlap = now["k_low"] <= now["previous_k_high"] and now["previous_k_low"] <= now["k_high"]
    chance = " The intervals overlap: chance alone may be the reason." if overlap else ""
    return (
        f"{_k_of(now, '')} who {latest}, after {_k_of(now, 'previous_')} who {before}: "
        f"{sum(row['contribution'] for row in records):+.3f}, which the factors add up to.{chance}"
    )


def _k_of(row: dict, which: str) -> str:
    ends = f"{row[f'{which}k_low']:.2f} to {row[f'{which}k_high']:.2f}"
    made_of = f"{count(row[f'{which}offspring'])} by {count(row[f'{which}mature_users'])}"
    return f"{row[f'{which}k']:.2f} ({ends}; {made_of})"


def _value(row: dict, which: str, told: Callable[[float, float], str]) -> str:
    """A factor of the cohort now or, with ``previous_``, of the one before; shares as ``told``."""
    if row["factor"] == "invitations_per_inviter":
        return _times(row[f"{which}value"])
    return told(row[f"{which}numerator"], row[f"{which}denominator"])


def _times(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:.2f}"
