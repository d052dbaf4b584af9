"""Trees by their size and shape, and how fast users bring others now."""

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
from dash_app.formats import bare_rate, count, plural, rate, share, usd

_CASCADES: Columns = {
    "size_band": ("Users in the tree", None),
    "trees": ("Trees", count),
    "tree_share": ("Of all trees", share),
    "users": ("Users", count),
    "user_share": ("Of all users", share),
    "mean_generations": ("Generations, mean", lambda value: f"{value:.1f}"),
    "most_generations": ("at most", count),
    "median_structural_virality": ("Structural virality, median", lambda value: f"{value:.2f}"),
    "median_chain_likeness": ("0 star, 1 chain", lambda value: f"{value:.2f}"),
    "amount_raised_usd": ("Raised", usd),
}
_DAYS: Columns = {
    "day": ("28 days up to", None),
    "offspring_28d": ("New users brought", count),
    "due_28d": ("If everyone brought one", lambda value: f"{value:,.1f}"),
    "r_28d": ("R", lambda value: f"{value:.3f}"),
    "r_28d_low": ("from", lambda value: f"{value:.3f}"),
    "r_28d_high": ("to", lambda value: f"{value:.3f}"),
    "settled": ("Settled", None),
}


def cascades_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """Trees of more than one user by size band. Needs ``queries.spreading.cascades``."""
    figure_id, title = "network-cascades", "Referral trees by size, depth and shape"
    grown = rows[rows["size_band"] != "1"]
    if grown.empty or not grown["trees"].sum():
        return figure_card(
            figure_id, title, means, nothing("Nobody has referred anybody yet: every user stands alone.")
        )
    everybody = rows["users"].sum()
    bars = [
        Bar(
            f"{row['size_band']} users",
            plural(row["trees"], "tree"),
            row["users"],
            f"{count(row['users'])} users ({bare_rate(row['users'], everybody)}); {_shape(row)}",
        )
        for row in grown.to_dict("records")
    ]
    alone = rows.loc[rows["size_band"] == "1", "users"].sum()
    caption = f"Bars are users. Alone stand {rate(alone, everybody, 'users')}."
    content = bar_list(f"{figure_id}-bars", bars, "people")
    return figure_card(figure_id, title, means, content, caption, table(rows, _CASCADES, title), csv_href)


def reproduction_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str, theme: Theme) -> html.Section:
    """R by day with its interval. Needs ``queries.network.reproduction``."""
    figure_id, title = "network-reproduction", "Users brought per user at the pace of 28 days"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(f"R is not known for any day from {filters.in_words()}."))
    twin = rows.assign(
        day=[day_text(day) for day in rows["activity_date"]],
        settled=["yes" if mature else "not yet" for mature in rows["is_mature"]],
    ).iloc[::-1]
    content = graph(f"{figure_id}-graph", _figure(rows, theme), title, height="300px")
    caption = "Growth by referrals alone would need 1. The band is the 95 % interval; dotted days can still change."
    return figure_card(figure_id, title, means, content, caption, table(twin, _DAYS, title), csv_href)


def _shape(row: dict) -> str:
    deep = f"{row['mean_generations']:.1f} generations"
    return (
        deep
        if pd.isna(row["median_structural_virality"])
        else f"{deep}, virality {row['median_structural_virality']:.2f}"
    )


def _figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    known = rows[rows["r_28d_low"].notna()]
    days = [*known["activity_date"]]
    figure = go.Figure(
        go.Scatter(
            x=[*days, *reversed(days)],
            y=[*known["r_28d_high"], *reversed([*known["r_28d_low"]])],
            fill="toself",
            fillcolor=colours.people,
            opacity=0.18,
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    mature = rows["is_mature"].astype(bool)
    last_mature = rows.index[mature].max() if mature.any() else rows.index[0]
    for part, dash in ((rows[mature], "solid"), (rows[rows.index >= last_mature], "dot")):
        figure.add_scatter(
            x=[*part["activity_date"]],
            y=[*part["r_28d"]],
            mode="lines",
            line={"color": colours.people, "width": 2, "dash": dash},
            showlegend=False,
            hovertext=[
                f"<b>28 days up to {day_text(row['activity_date'])}</b><br>R {row['r_28d']:.2f}: "
                f"{count(row['offspring_28d'])} brought, {row['due_28d']:,.0f} if everyone brought one"
                for row in part.to_dict("records")
            ],
            hoverinfo="text",
        )
    figure.update_layout(template=template(theme), hovermode="closest")
    figure.update_yaxes(rangemode="tozero", nticks=5, title_text="R, 28 days")
    figure.update_xaxes(tickformat="%-d %b", nticks=6, tickangle=0)
    return figure
