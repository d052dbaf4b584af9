"""Conversion by week of sending, and how long each stage takes."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.referral_kpis import duration
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.filters import day_text
from dash_app.formats import count, rate

_STAGES = {
    "sent_to_clicked": "Sent to clicked",
    "sent_to_installed": "Sent to installed",
    "installed_to_applied": "Installed to code applied",
    "applied_to_onboarded": "Code applied to onboarded",
    "applied_to_eligible": "Code applied to eligible",
    "eligible_to_referrer_award": "Eligible to referrer paid",
    "eligible_to_referred_award": "Eligible to friend paid",
}


def cohorts_card(rows: pd.DataFrame, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Conversion of each week of sending with its interval. Needs ``queries.referral.cohorts``."""
    figure_id, title = "referral-cohorts", "Become eligible within 30 days, by week of sending"
    known = rows[rows["mature_sent"] > 0]
    if known.empty:
        return figure_card(figure_id, title, means, nothing("No week of sending is mature yet."))
    records = rows.to_dict("records")
    twin = rows.assign(
        week=[day_text(week) for week in rows["cohort_week"]],
        converted=[rate(row["eligible"], row["mature_sent"]) for row in records],
        settled=["yes" if row["is_mature"] else "not yet" for row in records],
    )
    columns: Columns = {
        "week": ("Sent in the week of", None),
        "sent": ("Sent", count),
        "converted": ("Eligible of those that had the time", None),
        "settled": ("Settled", None),
    }
    content = graph(f"{figure_id}-graph", _conversion(known, theme), title, height="300px")
    caption = "Whiskers are the 95 % interval. Younger weeks are left out until their invitations have had 30 days."
    return figure_card(figure_id, title, means, content, caption, table(twin, columns, title), csv_href)


def latency_card(rows: pd.DataFrame, means: str, csv_href: str, theme: Theme) -> html.Section:
    """The middle half and nine tenths of each stage. Needs ``queries.referral.latencies``."""
    figure_id, title = "referral-latency", "How long each stage takes"
    known = rows[rows["hours_p50"].notna()]
    if known.empty:
        return figure_card(figure_id, title, means, nothing("No mature invitation has taken two steps yet."))
    twin = rows.assign(
        stage=rows["stage"].map(_STAGES),
        took_both=[rate(row["finished"], row["began"]) for row in rows.to_dict("records")],
    )
    columns: Columns = {
        "stage": ("Stage", None),
        "took_both": ("Took both steps", None),
        "hours_p25": ("A quarter within", duration),
        "hours_p50": ("Half within", duration),
        "hours_p75": ("Three quarters within", duration),
        "hours_p90": ("Nine of ten within", duration),
    }
    content = graph(f"{figure_id}-graph", _ranges(known, theme), title, height=f"{5 + 2.4 * len(known):g}rem")
    caption = "Point: half of them. Thick line: the middle half. Thin line: up to nine of ten. Hours on a log scale."
    return figure_card(figure_id, title, means, content, caption, table(twin, columns, title), csv_href)


def _conversion(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colour = PALETTES[theme].people
    share = rows["conversion"]
    figure = go.Figure(
        go.Scatter(
            x=[*rows["cohort_week"]],
            y=[*share],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"symbol": ["circle" if settled else "circle-open" for settled in rows["is_mature"]], "size": 7},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [*(rows["conversion_high"] - share)],
                "arrayminus": [*(share - rows["conversion_low"])],
                "color": colour,
                "thickness": 1,
                "width": 3,
            },
            hovertext=[
                f"<b>sent in the week of {day_text(row['cohort_week'])}</b><br>"
                f"{rate(row['eligible'], row['mature_sent'])}"
                for row in rows.to_dict("records")
            ],
            hoverinfo="text",
        )
    )
    figure.update_layout(template=template(theme))
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", title_text="Eligible", nticks=5)
    figure.update_xaxes(tickformat="%-d %b", nticks=6, tickangle=0)
    return figure


def _ranges(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colour = PALETTES[theme].people
    stages = rows.sort_values("stage_number", ascending=False).to_dict("records")
    figure = go.Figure()
    for stage in stages:
        name = _STAGES[stage["stage"]]
        for low, high, width in (("hours_p25", "hours_p90", 2), ("hours_p25", "hours_p75", 7)):
            figure.add_scatter(
                x=[stage[low], stage[high]], y=[name, name], mode="lines", line={"color": colour, "width": width},
                hoverinfo="skip",
            )  # fmt: skip
    figure.add_scatter(
        x=[stage["hours_p50"] for stage in stages],
        y=[_STAGES[stage["stage"]] for stage in stages],
        mode="markers",
        marker={"color": PALETTES[theme].ink, "size": 9},
        hovertext=[
            f"<b>{_STAGES[stage['stage']]}</b><br>half within {duration(stage['hours_p50'])}, nine of ten within "
            f"{duration(stage['hours_p90'])}<br>{rate(stage['finished'], stage['began'])} took both steps"
            for stage in stages
        ],
        hoverinfo="text",
    )
    figure.update_layout(template=template(theme), showlegend=False)
    figure.update_xaxes(
        type="log", title_text="Hours", showgrid=True, tickvals=[0.1, 1, 10, 100], ticktext=["0.1", "1", "10", "100"]
    )
    figure.update_yaxes(showgrid=False)
    return figure
