"""How many receipt scans come through, and what the others cost."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.bar_list import Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.filters import Filters, day_text
from dash_app.formats import count, plural, rate, usd

_PLATFORMS = {"ios": "iOS", "android": "Android"}


def scan_weeks_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str, theme: Theme) -> html.Section:
    """The share of attempts completed, week by week and by platform. Needs ``queries.product.scan_weeks``."""
    figure_id, title = "product-scans", "Receipt scans completed, by week and platform"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(f"No scan is settled from {filters.in_words()}."))
    records = rows.to_dict("records")
    twin = rows.assign(
        platform=rows["platform"].map(lambda name: _PLATFORMS.get(name, name)),
        week=[day_text(week) for week in rows["week_start"]],
        completed_share=[rate(row["completed"], row["attempts"]) for row in records],
        settled=["yes" if row["is_mature"] else "in part" for row in records],
    )
    columns: Columns = {
        "week": ("Week of", None),
        "platform": ("Platform", None),
        "attempts": ("Attempts", count),
        "submitted": ("Submitted", count),
        "completed_share": ("Completed", None),
        "settled": ("Settled", None),
    }
    content = graph(f"{figure_id}-graph", _figure(rows, theme), title, height="300px")
    caption = None if rows["is_mature"].all() else "An open point is a week of which only a part is settled."
    return figure_card(figure_id, title, means, content, caption, table(twin, columns, title), csv_href)


def failures_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str) -> html.Section:
    """Why scans came to nothing, most money first. Needs ``queries.product.failures``."""
    figure_id, title = "product-failures", "Why scans fail, and what they would have raised"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(f"No scan failed from {filters.in_words()}."))
    records = rows.to_dict("records")
    bars = [
        Bar(
            row["failure_reason"].replace("_", " "),
            usd(row["lost_for_good_usd"]),
            row["lost_for_good_usd"],
            f"{plural(row['failed_attempts'], 'attempt')}, {count(row['followed_attempts'])} made good within a day",
        )
        for row in records
    ]
    columns: Columns = {
        "failure_reason": ("Reason", None),
        "failed_attempts": ("Attempts", count),
        "followed_attempts": ("Made good within a day", count),
        "lost_usd": ("Would have raised", usd),
        "lost_for_good_usd": ("Without those made good", usd),
    }
    total = usd(rows["lost_for_good_usd"].sum())
    caption = f"{total} in all, of the settled attempts of the weeks that touch the period; both platforms, all users."
    content = bar_list(f"{figure_id}-bars", bars, "money")
    return figure_card(figure_id, title, means, content, caption, table(rows, columns, title), csv_href)


def _figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    figure = go.Figure()
    for platform, colour in (("ios", colours.people), ("android", colours.money)):
        weeks = rows[rows["platform"] == platform]
        figure.add_scatter(
            x=[*weeks["week_start"]],
            y=[*(weeks["completed"] / weeks["attempts"])],
            name=_PLATFORMS[platform],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"symbol": ["circle" if settled else "circle-open" for settled in weeks["is_mature"]], "size": 7},
            hovertext=[
                f"<b>{_PLATFORMS[platform]}, week of {day_text(row['week_start'])}</b><br>"
                f"{rate(row['completed'], row['attempts'], 'attempts')}"
                for row in weeks.to_dict("records")
            ],
            hoverinfo="text",
        )
    figure.update_layout(template=template(theme))
    figure.update_yaxes(tickformat=".0%", title_text="Completed", nticks=5)
    figure.update_xaxes(tickformat="%-d %b", nticks=6, tickangle=0)
    return figure
