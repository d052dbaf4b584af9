"""The rows behind a number: ``/rows/<name>`` with the filters of the page in its query string.

A plain page: a list of hundreds of rows costs the browser nothing, where Dash looks at every cell for every change.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pandas as pd
from flask import Flask, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from dash_app import exports
from dash_app.filters import Filters, parse
from dash_app.formats import count, plural, usd
from dash_app.queries.coverage import bounds
from dash_app.queries.rows import BEHIND, ROWS_IN_FILE, Behind, Totals, behind, totals
from dash_app.queries.snapshot import NoSnapshot, QueryTookTooLong, Snapshot, current
from dash_app.views import VIEWS

PATH = "/rows/"
#: Enough to see what is meant; the file has all.
ROWS_SHOWN = 500


def href(name: str, filters: Filters) -> str:
    """The address of the rows behind a number under the filters that are shown."""
    if name not in BEHIND:
        raise KeyError(f"There are no rows behind {name}. Add them to BEHIND in dash_app/queries/rows.py.")
    query = urlencode(filters.to_params())
    return f"{PATH}{name}" + (f"?{query}" if query else "")


def register(server: Flask) -> None:
    """Add the route to the server."""
    server.add_url_rule(f"{PATH}<name>", "rows", _rows)


def _rows(name: str) -> AnyResponse:
    asked = BEHIND.get(name)
    if asked is None:
        return exports.words(f"There are no rows of this name. There are: {', '.join(BEHIND)}.", 404)
    try:
        return _page(name, asked, current())
    except NoSnapshot as error:
        return exports.words(f"Nothing has been published yet: {error}.", 503)
    except QueryTookTooLong as error:
        return exports.words(str(error), 503)


def _page(name: str, asked: Behind, snapshot: Snapshot) -> Response:
    view = VIEWS[name.partition("-")[0]]
    chosen, ignored = parse(request.args, bounds(snapshot))
    filters = chosen.only(view.narrowed_by if asked.narrowed_by is None else asked.narrowed_by)
    shown, there = behind(name, snapshot, filters, ROWS_SHOWN), totals(name, snapshot, filters)
    query = urlencode(chosen.to_params())
    page = render_template(
        "rows.html",
        title=asked.title,
        summary=f"{filters.in_words()}: {_summary(asked, there)}.",
        more=_more(there.rows),
        notices=ignored,
        heads=[str(column).replace("_", " ") for column in shown.columns],
        numbers=[pd.api.types.is_float_dtype(kind) for kind in shown.dtypes],
        rows=[[_text(cell) for cell in row] for row in shown.itertuples(index=False)],
        csv=exports.href(exports.rows_of(name), filters) if there.rows <= ROWS_IN_FILE else "",
        back=f"{view.path}?{query}" if query else view.path,
        back_to=view.title,
    )
    return Response(page)


def _summary(asked: Behind, there: Totals) -> str:
    sums = [f"{usd(there.sums[column])} {name}" for column, name in asked.sums.items()]
    return ", ".join([plural(there.rows, asked.one, asked.many), *sums])


def _more(rows: int) -> str:
    if rows <= ROWS_SHOWN:
        return ""
    if rows <= ROWS_IN_FILE:
        return f"The first {ROWS_SHOWN} are shown; the CSV file has all."
    return (
        f"The first {ROWS_SHOWN} are shown. A CSV file takes {count(ROWS_IN_FILE)} rows at most: choose a shorter "
        "period or a narrower filter for one."
    )


def _text(cell: Any) -> str:
    if pd.isna(cell):
        return ""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}" if cell == cell.normalize() else f"{cell:%Y-%m-%d %H:%M:%S}"
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)
