"""What has changed of days that were published already."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.states import nothing
from dash_app.components.table import ROWS_IN_PAGE, Columns, table
from dash_app.filters import Filters, day_text
from dash_app.formats import count, plural, usd
from dash_app.queries.restatements import MEASURES

_WHY = {
    "late rows": "late rows",
    "correction": "corrected at the source",
    "reprocess": "reprocessed",
    "policy": "other rules of the programme",
}
_COLUMNS: Columns = {
    "day": ("Day", None),
    "figure": ("Figure", None),
    "published": ("Published first", str),
    "now": ("Says now", str),
    "difference": ("Difference", str),
    "why": ("Why", None),
    "data_to": ("With the data to", None),
}


def restatements_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str) -> html.Section:
    """Day by day what was published first and what it says now. Needs ``queries.restatements.restated``."""
    figure_id, title = "finance-restatements", "What has changed of days that were published before"
    if rows.empty:
        quiet = f"Nothing that was published of {filters.in_words()} was changed since."
        return figure_card(figure_id, title, means, nothing(quiet))
    records = rows.to_dict("records")
    told = rows.assign(
        day=[day_text(day) for day in rows["day"]],
        figure=rows["measure"].map(MEASURES).fillna(rows["measure"]),
        published=[_written(row["measure"], row["published"]) for row in records],
        now=[_written(row["measure"], row["now"]) for row in records],
        difference=[_signed(row["measure"], row["difference"]) for row in records],
        why=[_reasons(row) for row in records],
        data_to=[day_text(day) for day in rows["data_to"]],
    )
    shown = table(told, _COLUMNS, "USD or counts, the newest day first", ROWS_IN_PAGE)
    return figure_card(figure_id, title, means, shown, _caption(rows), table(told, _COLUMNS, title), csv_href)


def _caption(rows: pd.DataFrame) -> str:
    text = f"{plural(len(rows), 'figure')} of {plural(rows['day'].nunique(), 'day')} changed."
    owed = rows[rows["measure"] == "liability_usd"]
    if owed.empty:
        return f"{text} What is owed did not."
    most = max(owed.to_dict("records"), key=lambda row: abs(row["difference"]))
    return (
        f"{text} What is owed changed most on {day_text(most['day'])}: {_signed('liability_usd', most['difference'])}."
    )


def _reasons(row: dict) -> str:
    text = ", ".join(_WHY.get(why, why) for why in row["why"].split(", "))
    return text if row["changes"] == 1 else f"{text}, {count(row['changes'])} times"


def _written(measure: str, value: float) -> str:
    return usd(value) if measure.endswith("_usd") else count(value)


def _signed(measure: str, value: float) -> str:
    return ("+" if value > 0 else "-") + _written(measure, abs(value))
