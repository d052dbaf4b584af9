"""The 48 hours: when codes are applied, and what another window would give and cost."""

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

HOURS_DRAWN = 168


def windows_card(hours: pd.DataFrame, windows: pd.DataFrame, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Applications by hour since install, and the windows. Needs ``queries.referral.hours`` and ``.windows``."""
    figure_id, title = "referral-windows", "The 48-hour window: when codes are applied, and what another would give"
    if hours.empty or not hours["applications"].any():
        return figure_card(figure_id, title, means, nothing("No code has been applied by anybody on record yet."))
    in_force = int(windows.loc[windows["is_in_force"], "window_hours"].max()) if len(windows) else 48
    twin = windows.assign(
        window=[f"{hours} h" + (", in force" if now else "") for hours, now in _pairs(windows)],
        converted=[rate(row["eligible"], row["mature_sent"]) for row in windows.to_dict("records")],
    )
    columns: Columns = {
        "window": ("Window", None),
        "converted": ("Eligible", None),
        "eligible_change": ("Change", _signed),
        "bonus_change_usd": ("Bonuses", _signed_usd),
        "raised_change_usd": ("Raised so far", _signed_usd),
    }
    content = html.Div(
        [
            graph(f"{figure_id}-graph", _figure(hours, in_force, theme), title, height="260px"),
            table(
                twin,
                columns,
                "Other windows against today's, all other rules kept, over all mature invitations",
            ),
        ]
    )
    hour_columns: Columns = {
        "hour_since_install": ("Hour since install", count),
        "applications": ("Codes applied", count),
        "applications_at_signup": ("At or before signup", count),
        "applications_meeting_other_rules": ("All other rules met", count),
        "eligible_applications": ("Eligible", count),
    }
    return figure_card(
        figure_id, title, means, content, _caption(hours, in_force), table(hours, hour_columns, title), csv_href
    )


def _figure(hours: pd.DataFrame, in_force: int, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    in_time = hours["applications_at_signup"].where(hours["hour_since_install"] > in_force, hours["applications"])
    figure = go.Figure()
    for name, values, colour in (
        ("in time", in_time, colours.people),
        ("too late", hours["applications"] - in_time, colours.muted),
    ):
        figure.add_bar(
            x=[*hours["hour_since_install"]], y=[*values], name=name, marker={"color": colour, "line": {"width": 0}},
            hovertemplate="hour %{x}: %{y} codes<extra>" + name + "</extra>",
        )  # fmt: skip
    figure.add_vline(x=in_force + 0.5, line={"color": colours.ink, "width": 1, "dash": "dot"})
    figure.update_layout(template=template(theme), barmode="stack", bargap=0.1)
    figure.update_xaxes(title_text="Hours since the first install", dtick=24, range=[-1, HOURS_DRAWN + 1])
    # nearly all codes are applied in the first hours; the others are what the window is about
    figure.update_yaxes(title_text="Codes applied", type="log", dtick=1, tickformat=",")
    return figure


def _caption(hours: pd.DataFrame, in_force: int) -> str:
    late = hours["hour_since_install"] > in_force
    missed = hours.loc[late, "applications_meeting_other_rules"].sum() - hours.loc[late, "eligible_applications"].sum()
    total = hours["applications"].sum()
    return (
        f"{rate(missed, total, 'codes')} came after the {in_force} hours and met every other rule. "
        "The scale of the bars is logarithmic."
    )


def _pairs(windows: pd.DataFrame) -> list[tuple[int, bool]]:
    return [(int(hours), bool(now)) for hours, now in zip(windows["window_hours"], windows["is_in_force"], strict=True)]


def _signed(number: float) -> str:
    return f"{number:+,.0f}" if number else "0"


def _signed_usd(amount: float) -> str:
    return ("+" if amount > 0 else "-" if amount < 0 else "") + usd(abs(amount))
