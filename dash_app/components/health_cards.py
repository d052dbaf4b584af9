"""The figures of the data's health: contracts, deliveries, late rows, days to mend, warnings, unusual days."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import ROWS_IN_PAGE, Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.filters import Filters, day_text
from dash_app.formats import count, plural, share

_SHA_SHOWN = 12
_RULES = {
    "nothing_arrived": "nothing arrived",
    "said_twice": "delivered twice",
    "remnant": "hardly anything arrived",
    "appeared": "never seen before",
    "outside_range": "outside the usual range",
}
_CONFORMANCE: Columns = {
    "table_name": ("Table", None),
    "files": ("Files", count),
    "not_loaded": ("Refused or gone", count),
    "row_count": ("Rows", count),
    "rows_quarantined": ("Quarantined", count),
    "quarantined_share": ("Share", share),
}
_DRIFT: Columns = {
    "table_name": ("Table", None),
    "column_name": ("Column", None),
    "ds": ("First landing day", None),
    "file_name": ("File", None),
}
_DELIVERIES: Columns = {
    "ds": ("Landing day", None),
    "table_name": ("Table", None),
    "file_name": ("File", None),
    "state": ("State", None),
    "row_count": ("Rows", count),
    "rows_quarantined": ("In quarantine", count),
    "bytes": ("Bytes", count),
    "sha256": ("SHA-256", None),
    "reason": ("Why", None),
}
_BEYOND: Columns = {
    "table_name": ("Table", None),
    "days": ("Landed", None),
    "rows_beyond": ("Rows", count),
    "command": ("What brings them in", None),
}
_WARNINGS: Columns = {"test": ("Test", None), "failures": ("Rows", count)}
_UNUSUAL: Columns = {
    "activity_date": ("Day", None),
    "metric": ("What", None),
    "actual": ("Rows", count),
    "usual": ("Usual", None),
    "why": ("Why", None),
}
_LATENESS: Columns = {
    "ds": ("Landing day", None),
    "rows_on_time": ("Same day", count),
    "rows_late": ("Up to 7 days late", count),
    "rows_beyond": ("Later", count),
}


def conformance_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str) -> html.Section:
    """How far each landing table keeps its contract. Needs ``queries.health.conformance``."""
    figure_id, title = "health-conformance", "Rows that break the contract, by table"
    if rows.empty:
        return figure_card(figure_id, title, means, _nothing_landed(filters))
    told = rows.assign(
        not_loaded=rows["files_refused"] + rows["files_missing"],
        quarantined_share=(rows["rows_quarantined"] / rows["row_count"].where(rows["row_count"] > 0)).fillna(0.0),
    )
    worst = told.iloc[0]
    caption = (
        f"Most of them in {worst['table_name']}: {share(worst['quarantined_share'])} of its rows."
        if worst["rows_quarantined"]
        else "Every row keeps its contract."
    )
    shown = table(told, _CONFORMANCE, "Files and rows of the landing days of the period")
    return figure_card(figure_id, title, means, shown, caption, csv_href=csv_href)


def deliveries_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str) -> html.Section:
    """Each file with its receipt. Needs ``queries.health.deliveries``."""
    figure_id, title = "health-deliveries", "Deliveries with their receipts"
    if rows.empty:
        return figure_card(figure_id, title, means, _nothing_landed(filters))
    bad = int((rows["state"] != "loaded").sum())
    told = rows.assign(ds=_days(rows["ds"]), sha256=rows["sha256"].str[:_SHA_SHOWN] + "…")
    caption = f"{plural(bad, 'file')} refused or gone, first in the list." if bad else "All are loaded."
    shown = table(told, _DELIVERIES, "One file a row, the newest first.", most=14)
    return figure_card(figure_id, title, means, shown, caption, csv_href=csv_href)


def lateness_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Late rows by landing day. Needs ``queries.health.lateness``."""
    figure_id, title = "health-lateness", "Late rows by landing day"
    if rows.empty:
        return figure_card(figure_id, title, means, _nothing_landed(filters))
    total = rows[["rows_on_time", "rows_late", "rows_beyond"]].to_numpy().sum()
    beyond = rows["rows_beyond"].sum()
    caption = f"{share(rows['rows_late'].sum() / total)} came up to 7 days late, {share(beyond / total)} later."
    twin = table(rows.assign(ds=_days(rows["ds"])), _LATENESS, title)
    content = graph(f"{figure_id}-graph", _late_figure(rows, theme), title, height="260px")
    return figure_card(figure_id, title, means, content, caption, twin, csv_href)


def beyond_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Rows that no build has in the facts, with the command that mends it. Needs ``queries.health.beyond``."""
    figure_id, title = "health-beyond", "Days beyond the window, and the command that mends them"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing("No row came too late for the facts."))
    told = rows.assign(
        days=[
            day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"
            for first, last in zip(rows["first_ds"], rows["last_ds"], strict=True)
        ],
    )
    told["command"] = pd.Series([html.Code(command) for command in rows["command"]], dtype=object)
    return figure_card(
        figure_id, title, means, table(told, _BEYOND, "Rows that are in no fact.", ROWS_IN_PAGE), csv_href=csv_href
    )


def drift_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Columns that no contract names. Needs ``queries.health.drift``."""
    figure_id, title = "health-drift", "Columns that no contract names"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing("Every delivered column is one that its contract names."))
    told = rows.assign(ds=_days(rows["ds"]))
    caption = "Kept beside the row, and used by nothing: name them in the contract, or ask the source to drop them."
    return figure_card(figure_id, title, means, table(told, _DRIFT, caption, ROWS_IN_PAGE), csv_href=csv_href)


def warnings_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Tests that warned. Needs ``queries.health.warnings``."""
    figure_id, title = "health-warnings", "Tests that warned"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing("Every test of the build passed."))
    caption = "Rows to look at; a warning stops no publication."
    return figure_card(figure_id, title, means, table(rows, _WARNINGS, caption, ROWS_IN_PAGE), csv_href=csv_href)


def unusual_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str) -> html.Section:
    """Days with unusual numbers. Needs ``queries.health.unusual``."""
    figure_id, title = "health-unusual", "Days with unusual numbers"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(f"No day was unusual from {filters.in_words()}."))
    told = rows.assign(
        activity_date=_days(rows["activity_date"]),
        metric=rows["metric"].str.replace("_", " "),
        usual=[_range(row) for row in rows.to_dict("records")],
        why=rows["rule"].map(_RULES).fillna(rows["rule"]),
    )
    return figure_card(
        figure_id, title, means, table(told, _UNUSUAL, "The newest day first", ROWS_IN_PAGE), csv_href=csv_href
    )


def _late_figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    figure = go.Figure()
    for column, name, colour in (
        ("rows_late", "up to 7 days late", colours.people),
        ("rows_beyond", "later", colours.alarm),
    ):
        figure.add_trace(go.Bar(x=[*rows["ds"]], y=[*rows[column]], name=name, marker={"color": colour}))
    figure.update_layout(template=template(theme), barmode="stack", hovermode="x unified")
    figure.update_yaxes(title_text="Rows", rangemode="tozero", nticks=5)
    figure.update_xaxes(tickformat="%-d %b", nticks=6, tickangle=0)
    return figure


def _days(column: pd.Series) -> list[str]:
    return [day_text(day) for day in column]


def _range(row: dict) -> str:
    known = all(row[name] == row[name] and row[name] is not None for name in ("lower", "upper"))
    return f"{count(max(0, row['lower']))} to {count(row['upper'])}" if known else "-"


def _nothing_landed(filters: Filters) -> html.Div:
    return nothing(f"No landing day from {day_text(filters.start)} to {day_text(filters.end)} was loaded.")
