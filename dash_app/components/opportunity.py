"""What one point more at each step would bring."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.formats import count, rate, usd

_ID = "product-opportunity"
_NAMES = {
    "onboarding_started": "Start onboarding",
    "onboarding_completed": "Complete onboarding",
    "qualified": "First scan or school",
    "scan_submitted": "Submit the picture",
    "scan_completed": "Picture accepted",
}
_COLUMNS: Columns = {
    "step": ("Step", None),
    "passed": ("Pass it now", None),
    "extra_units": ("More would pass", count),
    "extra_scans": ("Scans more", count),
    "extra_raised_usd": ("Raised more", usd),
    "extra_raised_usd_low": ("from", usd),
    "extra_raised_usd_high": ("to", usd),
}


def opportunity_card(rows: pd.DataFrame, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Money more in 90 days per step, with its interval. Needs ``queries.product.opportunity``."""
    title = "What one point more at each step would raise in 90 days"
    known = rows[rows["extra_raised_usd"].notna()]
    if known.empty:
        few = "No step has had 20 people on either side of it for 90 days, so nothing can be said yet."
        return figure_card(_ID, title, means, nothing(few))
    twin = rows.assign(
        step=rows["step"].map(_NAMES),
        passed=[rate(row["passed_units"], row["units"]) for row in rows.to_dict("records")],
    )
    content = graph(f"{_ID}-graph", _figure(known, theme), title, height=f"{4 + 2.6 * len(known):g}rem")
    caption = "Those who pass a step differ in other ways too: read it as the most that a better step brings."
    return figure_card(_ID, title, means, content, caption, table(twin, _COLUMNS, title), csv_href)


def _figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    steps = rows.sort_values("step_number", ascending=False).to_dict("records")
    middle = [step["extra_raised_usd"] for step in steps]
    figure = go.Figure(
        go.Scatter(
            x=middle,
            y=[_NAMES[step["step"]] for step in steps],
            mode="markers",
            marker={"color": PALETTES[theme].money, "size": 10},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [step["extra_raised_usd_high"] - step["extra_raised_usd"] for step in steps],
                "arrayminus": [step["extra_raised_usd"] - step["extra_raised_usd_low"] for step in steps],
                "color": PALETTES[theme].money,
                "thickness": 2,
                "width": 5,
            },
            hovertext=[_hover(step) for step in steps],
            hoverinfo="text",
        )
    )
    figure.update_layout(template=template(theme))
    figure.update_xaxes(tickprefix="$", rangemode="tozero", showgrid=True, nticks=5)
    figure.update_yaxes(showgrid=False, range=[-0.6, len(steps) - 0.4])
    return figure


def _hover(step: dict) -> str:
    low, high = usd(step["extra_raised_usd_low"]), usd(step["extra_raised_usd_high"])
    return (
        f"<b>{_NAMES[step['step']]}</b>: {rate(step['passed_units'], step['units'])} pass<br>"
        f"a point more: {usd(step['extra_raised_usd'])} ({low} to {high}), {count(step['extra_scans'])} scans"
    )
