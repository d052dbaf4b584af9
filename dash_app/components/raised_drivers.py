"""The driver tree: the change in money raised, split among its three factors without a rest."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dash_app.components.aria import aria
from dash_app.components.figure_card import figure_card
from dash_app.components.growth import of_everybody
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.filters import Filters, day_text
from dash_app.formats import count, usd

#: Factor -> its name, the column of what it adds to the change, how a value is written.
_FACTORS: dict[str, tuple[str, str, Any]] = {
    "supporters": ("supporters", "change_by_supporters_usd", count),
    "scans_per_supporter": ("scans each", "change_by_scans_each_usd", lambda value: f"{value:.2f}"),
    "usd_per_scan": ("raised per scan", "change_by_usd_per_scan_usd", lambda value: f"${value:.3f}"),
}
_COLUMNS: Columns = {
    "name": ("Factor", None),
    "before": ("Before", str),
    "now": ("Now", str),
    "change": ("Adds to the change", str),
}


def raised_drivers_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str) -> html.Section:
    """Supporters x scans each x USD per scan = money raised, each with its part. Needs ``queries.growth.drivers``."""
    figure_id, title = "executive-drivers", "What moved the money raised"
    if rows.empty:
        few = "No two whole periods of 7 or 28 days are complete and on record yet, so there is nothing to compare."
        return figure_card(figure_id, title, means, nothing(few))
    row = rows.to_dict("records")[0]
    twin = pd.DataFrame(
        [
            *(
                {"name": name, "before": _value(row, f"{factor}_before", write), "now": _value(row, factor, write)}
                | {"change": _signed(row[part])}
                for factor, (name, part, write) in _FACTORS.items()
            ),
            {"name": "raised", "before": usd(row["raised_before_usd"]), "now": usd(row["raised_usd"])}
            | {"change": _signed(row["change_usd"])},
        ]
    )
    caption = of_everybody(filters) + _caption(row)
    return figure_card(figure_id, title, means, _tree(row), caption, table(twin, _COLUMNS, title), csv_href)


def _tree(row: dict) -> html.Div:
    leaves: list[html.Li] = []
    for number, (factor, (name, part, write)) in enumerate(_FACTORS.items()):
        if number:
            leaves.append(html.Li("\N{MULTIPLICATION SIGN}", className="sign", **aria(hidden="true")))
        before = _value(row, f"{factor}_before", write)
        leaves.append(_box(_value(row, factor, write), name, f"before {before}", row[part]))
    root = _box(
        usd(row["raised_usd"]), "raised", f"before {usd(row['raised_before_usd'])}", row["change_usd"], " result"
    )
    return html.Div([html.Ul(root, className="chain"), html.Ul(leaves, className="chain tree-leaves")])


def _box(value: str, name: str, before: str, change: float, result: str = "") -> html.Li:
    mood = "good" if change > 0 else "bad" if change < 0 else "same"
    return html.Li(
        [
            html.Span(value, className="chain-value"),
            html.Span(name, className="chain-name"),
            html.Span(before, className="chain-made-of"),
            html.Span(_signed(change), className=f"kpi-change {mood}"),
        ],
        className=f"chain-link{result}",
    )


def _caption(row: dict) -> str:
    when = f"{day_text(row['period_start'])} to {day_text(row['period_end'])}"
    against = f"against the {row['window_days']} days before"
    if row["zero_factor"]:
        return f"{when} {against}. One of the periods has none of a factor, so the whole change belongs to it."
    name, part, _ = max(_FACTORS.values(), key=lambda factor: abs(row[factor[1]]))
    # not "most of it": parts of both signs may each be larger than the whole
    return f"{when} {against}: {_signed(row['change_usd'])}. The largest part: {name} ({_signed(row[part])})."


def _value(row: dict, name: str, write: Any) -> str:
    return "-" if row[name] is None or row[name] != row[name] else str(write(row[name]))


def _signed(amount: float) -> str:
    amount = round(amount, 2)
    return "no change" if amount == 0 else f"{'+' if amount > 0 else '-'}{usd(abs(amount))}"
