"""Who brings more people than luck explains, and how unevenly people bring others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import plotly.graph_objects as go
from dash import dcc, html

from dash_app.components.bar_list import BARS_SHOWN, Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.formats import count, plural, rate, share

_SPREADERS: Columns = {
    "link": ("User", None),
    "display_name": ("Name", None),
    "user_type": ("Type", None),
    "school": ("School", None),
    "marketing_channel": ("Came by", None),
    "offspring": ("Brought in 60 days", count),
    "offspring_days_1_to_30": ("First 30", count),
    "offspring_days_31_to_60": ("Next 30", count),
    "offspring_share": ("Of all brought", share),
    "luck_q_value": ("Chance of luck alone", lambda value: "< 0.0001" if value < 0.0001 else f"{value:.4f}"),
}
_OFFSPRING: Columns = {
    "offspring": ("Users brought", count),
    "users": ("Users who brought so many", count),
    "users_by_luck": ("By luck alone", lambda value: f"{value:,.1f}"),
    "users_fitted": ("As fitted", lambda value: f"{value:,.1f}"),
}
#: On a log scale, what is expected of less than this many users is left out.
_LEAST = 0.3


def spreaders_card(rows: pd.DataFrame, means: str, csv_href: str, address: Callable[[int], str]) -> html.Section:
    """The super-spreaders, most first. ``address`` of a user's tree. Needs ``queries.spreading.spreaders``."""
    figure_id = "network-spreaders"
    if rows.empty:
        none = "Nobody under these filters has brought more people than luck explains."
        return figure_card(figure_id, "Super-spreaders beyond luck", means, nothing(none))
    records = rows.to_dict("records")
    title = f"{plural(len(rows), 'user')} brought more people than luck explains"
    bars = [
        Bar(
            f"{row['display_name']} ({row['user_id']})",
            count(row["offspring"]),
            row["offspring"],
            f"{row['user_type']}, {row['school']}{_again(row['offspring_days_31_to_60'])}",
        )
        for row in records[:BARS_SHOWN]
    ]
    together = rows["offspring"].sum()
    everybody = records[0]["all_offspring"]
    caption = (
        f"Together they brought {rate(together, everybody, 'users in all')}; luck alone gives each "
        f"{records[0]['expected_by_luck']:.2f}. At most 5 % of those found are expected to be merely lucky."
    )
    content = bar_list(f"{figure_id}-bars", bars, "people")
    twin = table(rows, _SPREADERS, title, worded=partial(_linked, address=address))
    return figure_card(figure_id, title, means, content, caption, twin, csv_href)


def _linked(rows: pd.DataFrame, address: Callable[[int], str]) -> pd.DataFrame:
    links = [dcc.Link(str(user), href=address(user)) for user in rows["user_id"].tolist()]
    return rows.assign(link=pd.Series(links, index=rows.index, dtype=object))


def offspring_card(rows: pd.DataFrame, spread: pd.DataFrame, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Users by how many they brought, beside luck. Needs ``queries.spreading`` offspring and spread."""
    figure_id, title = "network-offspring", "How many each user brings, beside luck"
    if rows.empty or not rows["users"].sum():
        return figure_card(figure_id, title, means, nothing("No user has had 60 days yet, and seven for late data."))
    content = graph(f"{figure_id}-graph", _figure(rows, theme), title, height="300px")
    return figure_card(figure_id, title, means, content, _caption(spread), table(rows, _OFFSPRING, title), csv_href)


def _figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    has = rows[rows["users"] > 0]
    figure = go.Figure(
        go.Bar(
            x=[*has["offspring"]],
            y=[*has["users"]],
            name="users",
            marker={"color": colours.people, "line": {"width": 0}},
            hovertext=[
                f"{plural(row['users'], 'user')} brought {count(row['offspring'])}" for row in has.to_dict("records")
            ],
            hoverinfo="text",
        )
    )
    for column, name, shade, dash in (
        ("users_by_luck", "by luck alone", colours.muted, "dot"),
        ("users_fitted", "as fitted, with unequal users", colours.money, "solid"),
    ):
        shown = rows[rows[column] >= _LEAST]
        figure.add_scatter(
            x=[*shown["offspring"]],
            y=[*shown[column]],
            name=name,
            mode="lines+markers",
            line={"color": shade, "dash": dash, "width": 2},
            marker={"size": 5},
            hovertemplate=f"%{{y:,.1f}} users, {name}<extra></extra>",
        )
    figure.update_layout(template=template(theme))
    figure.update_yaxes(
        type="log", title_text="Users, log scale", tickvals=[1, 10, 100, 1000, 10_000, 100_000],
        ticktext=["1", "10", "100", "1,000", "10,000", "100,000"],
    )  # fmt: skip
    figure.update_xaxes(title_text="Users brought in 60 days", nticks=12)
    return figure


def _again(later: float) -> str:
    return "" if pd.isna(later) else f"; {count(later)} of them after day 30"


def _caption(spread: pd.DataFrame) -> str | None:
    measures = {row["measure"]: row for row in spread.to_dict("records")}
    top = measures.get("top_1_share")
    if top is None or pd.isna(top["value"]):
        return None
    said = f"The top 1 % of users brought {top['value']:.0%} of all; luck alone would give {top['by_luck']:.0%}"
    if not pd.isna(top["by_luck_low"]):
        said += f" ({top['by_luck_low']:.0%} to {top['by_luck_high']:.0%})"
    k = measures.get("dispersion_k")
    if k is None or pd.isna(k["value"]):
        return f"{said}. Luck explains the counts."
    ends = (
        ""
        if pd.isna(k["value_low"]) or pd.isna(k["value_high"])
        else f" ({k['value_low']:.2f} to {k['value_high']:.2f})"
    )
    return f"{said}. Dispersion k is {k['value']:.2f}{ends}: the smaller, the fewer bring most."
