"""A view that is still being built: what it will answer, and what is known today."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.bar_list import Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.states import nothing
from dash_app.components.table import Write, table
from dash_app.formats import count, rate
from dash_app.views import View

_TODAY = "This view is being built. Below is what the warehouse already knows, over all days; filters do not apply yet."


def questions_card(view: View) -> html.Section:
    """Says that the view is not there yet, and the questions it is made for."""
    return html.Section(
        [
            html.P([html.Span("In the making", className="badge-making"), f" {_TODAY}"], className="mb-2"),
            html.H2("The questions it will answer", className="figure-title"),
            html.Ul([html.Li(question) for question in view.questions], className="questions"),
        ],
        className="card card-body figure-card",
    )


def counts_card(
    figure_id: str, title: str, means: str, rows: pd.DataFrame, csv_href: str, empty: str, write: Write = count
) -> html.Section:
    """Bars of the columns kind and number; where there is ``of``, the share stands beside the name."""
    if rows.empty or not rows["number"].any():
        return figure_card(figure_id, title, means, nothing(empty))
    shown = rows.assign(kind=rows["kind"].fillna("not known"))
    columns: dict[str, tuple[str, Write | None]] = {"kind": ("Kind", None), "number": ("Number", write)}
    if "of" in shown:
        shown["share"] = [rate(number, of) for number, of in zip(shown["number"], shown["of"], strict=True)]
        columns["share"] = ("Share", None)
    # Parts of different wholes are comparable as shares only.
    bars = [
        Bar(row["kind"], write(row["number"]), row["number"] / row.get("of", 1), row.get("share", ""))
        for row in shown.to_dict("records")
    ]
    content = bar_list(f"{figure_id}-bars", bars, "people", full=1 if "of" in shown else None)
    return figure_card(figure_id, title, means, content, None, table(shown, columns, title), csv_href)
