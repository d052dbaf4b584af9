"""Who came back, week after week."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.filters import day_text
from dash_app.formats import FEW, count, rate, wilson

_ID = "product-retention"
_COLUMNS: Columns = {
    "cohort": ("Signed up in the week of", None),
    "week_number": ("Week since", count),
    "retained": ("Came back", None),
    "contributing": ("Scanned or bought", None),
    "users": ("Signed up", count),
    "settled": ("Settled", None),
}


def retention_card(rows: pd.DataFrame, means: str, csv_href: str, theme: Theme) -> html.Section:
    """A heat map of cohorts by weeks since signup. Needs ``queries.product.retention``."""
    title = "Who comes back: weekly retention by week of signup"
    if rows.empty:
        return figure_card(_ID, title, means, nothing("No week since signup is mature yet for anybody on record."))
    twin = rows.assign(
        cohort=[day_text(week) for week in rows["cohort_week"]],
        retained=[rate(row["retained_users"], row["mature_users"]) for row in rows.to_dict("records")],
        contributing=[rate(row["contributing_users"], row["mature_users"]) for row in rows.to_dict("records")],
        settled=["yes" if settled else "not yet" for settled in rows["is_mature"]],
    )
    height = f"{max(14, 4 + 1.35 * rows['cohort_week'].nunique()):g}rem"
    content = graph(f"{_ID}-graph", _figure(rows, theme), title, height)
    return figure_card(_ID, title, means, content, _caption(rows), table(twin, _COLUMNS, title), csv_href)


def _figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    cohorts = sorted(rows["cohort_week"].unique(), reverse=True)
    is_compared = rows["is_mature"] & (rows["mature_users"] >= FEW)
    lowest = float(rows.loc[is_compared, "retained_share"].min()) if is_compared.any() else 0.0
    figure = go.Figure()
    for has_colour, scale in (
        (True, [[0, colours.people_scale[0]], [1, colours.people_scale[1]]]),
        (False, [[0, colours.land], [1, colours.land]]),  # without the colour of a verdict
    ):
        # Every cell is in both, empty where it is the other's: of a heat map that has fewer rows than its axis has
        # categories, Plotly draws nothing.
        cells = rows.assign(shown=is_compared == has_colour).to_dict("records")
        figure.add_heatmap(
            x=[cell["week_number"] for cell in cells],
            y=[_day(cell["cohort_week"]) for cell in cells],
            z=[cell["retained_share"] if cell["shown"] else None for cell in cells],
            text=[_text(cell) if cell["shown"] else "" for cell in cells],
            texttemplate="%{text}",
            hovertext=[_hover(cell) for cell in cells],
            hoverinfo="text",
            hoverongaps=False,
            colorscale=scale,
            zmin=lowest,
            zmax=1.0,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    figure.update_layout(template=template(theme))
    figure.update_xaxes(title_text="Weeks since signup", dtick=1, side="top")
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=[_day(week) for week in cohorts], dtick=1, showgrid=False
    )
    return figure


def _day(week: pd.Timestamp) -> str:
    return f"{week.day} {week:%b %y}"


def _text(cell: dict) -> str:
    """As short as a cell is narrow; the hover has the words."""
    if cell["mature_users"] >= FEW:
        return f"{cell['retained_share']:.0%}"
    low, high = wilson(cell["retained_users"], cell["mature_users"])
    return f"{100 * low:.0f}-{high:.0%}"


def _hover(cell: dict) -> str:
    text = f"<b>signed up in the week of {day_text(cell['cohort_week'])}, week {cell['week_number']}</b>"
    came, gave = (rate(cell[f"{what}_users"], cell["mature_users"], "people") for what in ("retained", "contributing"))
    more = "" if cell["is_mature"] else "<br><i>not all of them have had this week yet</i>"
    return f"{text}<br>came back: {came}<br>scanned or bought: {gave}{more}"


def _caption(rows: pd.DataFrame) -> str:
    weighted = [
        f"{rate(part['retained_users'].sum(), part['mature_users'].sum())} in week {week}"
        for week in (1, 4, 8)
        if not (part := rows[(rows["week_number"] == week) & rows["is_mature"]]).empty
    ]
    grey = f"Grey cells are not settled yet, or an interval of fewer than {FEW} people."
    return f"Of all cohorts together: {', '.join(weighted)}. {grey}" if weighted else grey
