"""What goes together with activation and retention."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.formats import rate

_NAMES = {
    "linked_school": "Linked a school",
    "scanned_receipt": "Scanned a receipt",
    "added_payment": "Added a payment method",
    "viewed_incentive": "Viewed an incentive",
    "sent_invite": "Sent an invitation",
    "opened_on_three_days": "Opened on three days",
    "completed_onboarding": "Completed onboarding",
    "uses_ios": "Uses iOS",
    "is_verified": "Is verified",
}
_OUTCOMES = {
    "retained": ("Early behaviour and being there in week 7", "in the first 7 days"),
    "activated": ("The first day and activation within the week", "in the first 24 hours"),
}
_COLUMNS: Columns = {
    "behaviour": ("Did it", None),
    "with": ("Reached it, of those who did", None),
    "without": ("Of those who did not", None),
    "odds_ratio": ("Odds ratio, alike otherwise", lambda value: f"{value:.2f}"),
    "odds_ratio_low": ("from", lambda value: f"{value:.2f}"),
    "odds_ratio_high": ("to", lambda value: f"{value:.2f}"),
    "verdict": ("Associated", None),
}


def drivers_card(rows: pd.DataFrame, outcome: str, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Odds ratios with intervals on a log axis for one outcome. Needs ``queries.product.drivers``."""
    figure_id, (title, when) = f"product-drivers-{outcome}", _OUTCOMES[outcome]
    known = rows[(rows["outcome"] == outcome) & rows["odds_ratio"].notna()].sort_values("odds_ratio")
    if known.empty:
        few = "Too few people are mature for the outcome to compare those who did something with those who did not."
        return figure_card(figure_id, title, means, nothing(few))
    records = known.to_dict("records")
    twin = known.assign(
        behaviour=[_name(row["candidate"]) for row in records],
        verdict=["yes" if row["is_associated"] else "no" for row in records],
        **{
            "with": [rate(row["reached_with"], row["users_with"]) for row in records],
            "without": [rate(row["reached_without"], row["users_without"]) for row in records],
        },
    ).iloc[::-1]
    found = [_name(row["candidate"]).lower() for row in reversed(records) if row["is_associated"]]
    said = f"Associated: {', '.join(found)}." if found else "Nothing is associated beyond chance."
    caption = f"{said} What was done {when}, among people alike otherwise; it does not prove a cause."
    content = graph(f"{figure_id}-graph", _figure(records, theme), title, height=f"{4 + 2.2 * len(records):g}rem")
    return figure_card(figure_id, title, means, content, caption, table(twin, _COLUMNS, title), csv_href)


def _figure(records: list[dict], theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    ratios = [row["odds_ratio"] for row in records]
    shades = [colours.people if row["is_associated"] else colours.muted for row in records]
    figure = go.Figure()
    for row, shade in zip(records, shades, strict=True):
        name = _name(row["candidate"])
        figure.add_scatter(
            x=[row["odds_ratio_low"], row["odds_ratio_high"]], y=[name, name], mode="lines",
            line={"color": shade, "width": 3}, hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=ratios,
        y=[_name(row["candidate"]) for row in records],
        mode="markers",
        marker={"color": shades, "size": 10},
        hovertext=[
            f"<b>{_name(row['candidate'])}</b><br>of those who did: {rate(row['reached_with'], row['users_with'])}<br>"
            f"of the others: {rate(row['reached_without'], row['users_without'])}<br>"
            f"odds ratio {row['odds_ratio']:.2f} ({row['odds_ratio_low']:.2f} to {row['odds_ratio_high']:.2f})"
            for row in records
        ],
        hoverinfo="text",
    )
    figure.add_vline(x=1, line={"color": colours.ink, "width": 1, "dash": "dot"})
    figure.update_layout(template=template(theme), showlegend=False)
    ticks = [0.25, 0.5, 1, 2, 4, 8]
    figure.update_xaxes(
        type="log", title_text="Odds ratio (1: no difference)", showgrid=True, tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
    )  # fmt: skip
    figure.update_yaxes(showgrid=False)
    return figure


def _name(candidate: str) -> str:
    return _NAMES.get(candidate, candidate.replace("_", " "))
