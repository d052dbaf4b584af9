"""Which schools grow by themselves, how sure that is, and on whom they depend."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import plotly.graph_objects as go
from dash import dcc, html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.formats import FEW, count, rate

_SHOWN = 12
_LONGEST_NAME = 20


def _k(value: float) -> str:
    return f"{value:.2f}"


_COLUMNS: Columns = {
    "school_rank": ("Rank", count),
    "school": ("School", None),
    "state": ("State", None),
    "made_of": ("Brought by mature members", None),
    "k_said": ("K in 60 days", None),
    "k_60_shrunk": ("drawn to the mean", _k),
    "k_60_within": ("inside", _k),
    "k_60_across": ("to others", _k),
    "probability_above_programme": ("Above the programme", lambda value: f"{value:.0%}"),
    "referred": ("Members who came by referral", None),
    "active": ("Active in 28 days", None),
    "imported_referrals": ("Referrals in from others", count),
    "exported_referrals": ("out to others", count),
    "sender": ("Top sender", None),
    "sends": ("Top sender's share of referrals", None),
    "new_members_28d": ("New members, 28 days", count),
    "new_members_prior_28d": ("28 days before", count),
}


def scorecard_card(
    rows: pd.DataFrame, means: str, csv_href: str, theme: Theme, address: Callable[[int], str]
) -> html.Section:
    """K of schools drawn towards their mean, in the order of rank. Needs ``queries.school_network.scorecard``."""
    figure_id, title = "network-scorecard", "Schools whose growth compounds"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing("No school under these filters has members."))
    twin = table(rows, _COLUMNS, title, worded=partial(_worded, address=address))
    ranked = rows[rows["school_rank"].notna()]
    if ranked.empty:
        few = f"No school can be ranked: each has fewer than {FEW} mature members, or they differ by chance only."
        return figure_card(figure_id, title, means, nothing(few), None, twin, csv_href)
    shown = ranked.head(_SHOWN).to_dict("records")
    if len(ranked) > _SHOWN:
        title = f"{title}: the first {_SHOWN} of {len(ranked)} ranked"
    content = graph(f"{figure_id}-graph", _figure(shown, theme), title, height=f"{5 + 2.1 * len(shown):g}rem")
    return figure_card(figure_id, title, means, content, _caption(rows, ranked), twin, csv_href)


def _worded(rows: pd.DataFrame, address: Callable[[int], str]) -> pd.DataFrame:
    records = rows.to_dict("records")
    senders = [
        None
        if pd.isna(row["top_sender_user_id"])
        else dcc.Link(str(int(row["top_sender_user_id"])), href=address(int(row["top_sender_user_id"])))
        for row in records
    ]
    return rows.assign(
        made_of=[f"{count(row['offspring'])} by {count(row['mature_members'])}" for row in records],
        k_said=[_k_said(row) for row in records],
        referred=[_part(row["members_referred"], row["members"]) for row in records],
        active=[_part(row["active_supporters"], row["members"]) for row in records],
        sender=pd.Series(senders, index=rows.index, dtype=object),
        sends=[_part(row["top_sender_referrals"], row["outbound_referrals"]) for row in records],
    )


def _k_said(row: dict) -> str:
    if pd.isna(row["k_60"]):
        return "-"
    ends = f"{row['k_60_low']:.2f} to {row['k_60_high']:.2f}"
    return ends if row["mature_members"] < FEW else f"{row['k_60']:.2f} ({ends})"


def _part(numerator: float, denominator: float) -> str:
    return rate(numerator, denominator) if denominator else "-"


def _caption(rows: pd.DataFrame, ranked: pd.DataFrame) -> str:
    sure = ranked[ranked["probability_above_programme"] >= 0.95]
    programme = ranked["programme_k_60"].iloc[0]
    named = ", ".join(sure["school"]) or "No school"
    verb = "are" if len(sure) > 1 else "is"
    unranked = len(rows) - len(ranked)
    few = f" {unranked} more with fewer than {FEW} mature members are in the table, not ranked." if unranked else ""
    return f"{named} {verb} above the programme's K of {programme:.2f} with 95 % probability.{few}"


def _figure(records: list[dict], theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    figure = go.Figure()
    lines = records[::-1]
    names = [f"{row['school_rank']}. {_short(row['school'])}" for row in lines]
    shades = [colours.people if row["k_60_shrunk_low"] > row["programme_k_60"] else colours.muted for row in lines]
    for row, name, shade in zip(lines, names, shades, strict=True):
        figure.add_scatter(
            x=[row["k_60_shrunk_low"], row["k_60_shrunk_high"]], y=[name, name], mode="lines",
            line={"color": shade, "width": 3}, hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=[row["k_60_shrunk"] for row in lines],
        y=names,
        mode="markers",
        marker={"color": shades, "size": 10},
        hovertext=[_hover(row) for row in lines],
        hoverinfo="text",
    )
    figure.add_vline(x=records[0]["programme_k_60"], line={"color": colours.ink, "width": 1, "dash": "dot"})
    figure.update_layout(template=template(theme), showlegend=False)
    figure.update_xaxes(
        title_text="K in 60 days, drawn towards the mean (dotted: programme)", showgrid=True, rangemode="tozero"
    )
    figure.update_yaxes(showgrid=False, type="category")
    return figure


def _hover(row: dict) -> str:
    sends = _part(row["top_sender_referrals"], row["outbound_referrals"])
    return (
        f"<b>{row['school']}</b><br>{count(row['offspring'])} brought by {count(row['mature_members'])} mature "
        f"members: K {row['k_60']:.2f}, drawn to the mean {row['k_60_shrunk']:.2f}<br>above the programme with "
        f"{row['probability_above_programme']:.0%}; referrals of the top sender: {sends}"
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
