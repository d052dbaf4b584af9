"""The table twin of a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dash_app.components.aria import aria

#: How a number is written.
Write = Callable[[float], str]
Columns = Mapping[str, tuple[str, Write | None]]

#: Of a table that opens at a click, and of one that stands in the page; more rows than that are in the export.
ROWS_SHOWN, ROWS_IN_PAGE = 50, 10


def table(
    rows: pd.DataFrame,
    columns: Columns,
    caption: str,
    most: int = ROWS_SHOWN,
    worded: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> html.Div:
    """``columns``: frame column -> heading and how to write a value; with a writer it is a number and stands right.

    A value may be a component, such as a link. ``most``: rows shown. ``worded`` makes columns that ``rows`` do not
    have, of the rows that are shown.
    """
    shown = rows.head(most)
    head = [html.Th(title, scope="col", className="num" if write else None) for title, write in columns.values()]
    body = [
        html.Tr(
            [
                html.Td(_cell(row[name], write), className="num" if write else None)
                for name, (_, write) in columns.items()
            ]
        )
        for row in (worded(shown) if worded else shown).to_dict("records")
    ]
    more = f" The first {most} of {len(rows):,} rows; the CSV file has all." if len(rows) > most else ""
    return html.Div(
        html.Table(
            [html.Caption(caption + more), html.Thead(html.Tr(head)), html.Tbody(body)],
            className="table table-sm align-middle mb-0",
        ),
        className="table-scroll",
        tabIndex=0,  # a keyboard scrolls what it can focus
        role="region",
        **aria(label=caption),
    )


def _cell(value: Any, write: Write | None) -> str | Component:
    if isinstance(value, Component):
        return value
    if value is None or value is pd.NaT or value != value:
        return "-"
    return write(value) if write else str(value)
