"""Growth accounting: who came, came back and left, week by week."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Palette, Theme, template
from dash_app.filters import Filters, day_text
from dash_app.formats import count, plural

_COLUMNS: Columns = {
    "week": ("Week", None),
    "opening_users": ("Active before", count),
    "new_users": ("+ new", count),
    "resurrected_users": ("+ back", count),
    "churned_users": ("- left", count),
    "closing_users": ("= active", count),
    "retained_users": ("of them stayed", count),
    "quick_ratio": ("Came / left", lambda ratio: f"{ratio:.2f}"),
    "complete": ("Complete", None),
}


def growth_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Bars up for who came, down for who left. Needs ``queries.growth.accounts``."""
    figure_id, title = "executive-growth", "Active users who came, came back and left, by week"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing("There are no two whole weeks on record to compare yet."))
    twin = rows.assign(
        week=[_week(row) for row in rows.to_dict("records")],
        complete=["yes" if is_mature else "not yet" for is_mature in rows["is_mature"]],
    ).iloc[::-1]
    content = graph(f"{figure_id}-graph", _figure(rows, theme), title, height="300px")
    return figure_card(
        figure_id, title, means, content, of_everybody(filters) + _caption(rows), table(twin, _COLUMNS, title), csv_href
    )


def of_everybody(filters: Filters) -> str:
    """What must be said where other numbers of the page are of a part of the users."""
    return "Of all users, whatever the filters. " if filters.is_narrowed else ""


def _caption(rows: pd.DataFrame) -> str:
    mature = rows[rows["is_mature"]]
    if mature.empty:
        return "No week is complete yet: rows arrive up to 7 days late."
    last = mature.to_dict("records")[-1]
    net = last["closing_users"] - last["opening_users"]
    more = "as many as" if net == 0 else f"{plural(abs(net), 'user')} {'more' if net > 0 else 'fewer'} than"
    young = int((~rows["is_mature"]).sum())
    hatched = f" The last {'bars are' if young == 1 else f'{young} weeks are'} hatched: not complete." if young else ""
    return (
        f"{_week(last)}: {count(last['closing_users'])} active, {more} the week before. "
        f"{count(last['new_users'])} new, {count(last['resurrected_users'])} came back, "
        f"{count(last['churned_users'])} left, {count(last['retained_users'])} stayed.{hatched}"
    )


def _figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    weeks = [*rows["period_start"]]
    figure = go.Figure()
    for column, name, sign, colour in _bars(colours):
        said = [f"<b>{_week(row)}</b><br>{count(row[column])} {name}" for row in rows.to_dict("records")]
        shapes = ["" if is_mature else "/" for is_mature in rows["is_mature"]]
        pattern = {"shape": shapes, "fgcolor": colour, "fillmode": "replace", "size": 6}
        figure.add_bar(
            x=weeks, y=[*(sign * rows[column])], name=name, hovertext=said, hoverinfo="text",
            marker={"color": colour, "line": {"width": 0}, "pattern": pattern},
        )  # fmt: skip
    net = rows["closing_users"] - rows["opening_users"]
    figure.add_scatter(
        x=weeks, y=[*net], name="net", mode="lines+markers", line={"color": colours.ink, "width": 2},
        hovertemplate="%{y:+,.0f} net<extra></extra>",
    )  # fmt: skip
    figure.update_layout(template=template(theme), barmode="relative", hovermode="closest")
    figure.update_yaxes(title_text="Users", tickformat=",", nticks=6)
    figure.update_xaxes(tickformat="%-d %b", nticks=5, tickangle=0)
    return figure


def _bars(colours: Palette) -> tuple[tuple[str, str, int, str], ...]:
    return (
        ("new_users", "new", 1, colours.money),
        ("resurrected_users", "came back", 1, colours.people),
        ("churned_users", "left", -1, colours.muted),
    )


def _week(row: dict) -> str:
    return f"{day_text(row['period_start'])} to {day_text(row['period_end'])}"
