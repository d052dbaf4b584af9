"""Awards against redemptions, and the ledger's roll-forward."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dash_app.components.figure_card import figure_card
from dash_app.components.graph import graph
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme, template
from dash_app.filters import Filters, day_text
from dash_app.formats import share, usd

_SIDES = {"referrer_bonus": "Referrers", "referred_bonus": "Friends", "all": "Both"}
_MONEY = ("opening_usd", "awarded_usd", "redeemed_usd", "withheld_usd", "closing_usd")


def flows_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str, theme: Theme) -> html.Section:
    """Bars of awards up, redemptions and withholdings down. Needs ``queries.finance.flows``."""
    figure_id, title = "finance-flows", "Awards against redemptions"
    if rows.empty or not rows[["awarded_usd", "redeemed_usd", "withheld_usd"]].to_numpy().any():
        return figure_card(figure_id, title, means, nothing(f"The ledger has no entry from {filters.in_words()}."))
    awarded, redeemed = rows["awarded_usd"].sum(), rows["redeemed_usd"].sum()
    caption = f"{usd(awarded)} awarded, {usd(redeemed)} redeemed"
    caption += f", {share(redeemed / awarded)} as much." if awarded else "."
    twin = rows.assign(starts_on=[day_text(day) for day in rows["starts_on"]])
    columns: Columns = {
        "starts_on": ("Day or week of", None),
        "awarded_usd": ("Awarded", usd),
        "redeemed_usd": ("Redeemed", usd),
        "withheld_usd": ("Withheld", usd),
    }
    content = graph(f"{figure_id}-graph", _figure(rows, theme), title, height="300px")
    return figure_card(figure_id, title, means, content, caption, table(twin, columns, title), csv_href)


def roll_forward_card(rows: pd.DataFrame, filters: Filters, means: str, csv_href: str) -> html.Section:
    """Opening + awarded - redeemed - withheld = closing, by side. Needs ``queries.finance.roll_forward``."""
    figure_id, title = "finance-roll-forward", "The ledger over the period"
    if rows.empty:
        return figure_card(figure_id, title, means, nothing(f"The ledger has no day from {filters.in_words()}."))
    both = {name: rows[name].sum() for name in _MONEY} | {"reward_type": "all"}
    told = pd.concat([rows, pd.DataFrame([both])], ignore_index=True)
    twin = told.assign(side=told["reward_type"].map(_SIDES).fillna("Side unknown"))
    columns: Columns = {
        "side": ("Bonus of", None),
        "opening_usd": ("Opening", usd),
        "awarded_usd": ("+ awarded", usd),
        "redeemed_usd": ("- redeemed", usd),
        "withheld_usd": ("- withheld", usd),
        "closing_usd": ("= closing", usd),
    }
    shown = table(twin, columns, f"USD, {filters.in_words()}")
    caption = "Entries without an award before them are left out; rewards due and unpaid are not in the ledger yet."
    return figure_card(figure_id, title, means, shown, caption, table(twin, columns, title), csv_href)


def _figure(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    colours = PALETTES[theme]
    figure = go.Figure()
    for name, column, sign, colour in (
        ("awarded", "awarded_usd", 1, colours.money),
        ("redeemed", "redeemed_usd", -1, colours.people),
        ("withheld", "withheld_usd", -1, colours.muted),
    ):
        said = [f"<b>{day_text(row['starts_on'])}</b><br>{usd(row[column])} {name}" for row in rows.to_dict("records")]
        figure.add_bar(
            x=[*rows["starts_on"]], y=[*(sign * rows[column])], name=name,
            marker={"color": colour, "line": {"width": 0}}, hovertext=said, hoverinfo="text",
        )  # fmt: skip
    figure.update_layout(template=template(theme), barmode="relative")
    figure.update_yaxes(tickprefix="$", tickformat=",", title_text="USD", nticks=6)
    figure.update_xaxes(tickformat="%-d %b", nticks=6, tickangle=0)
    return figure
