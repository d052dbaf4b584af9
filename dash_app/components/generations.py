"""K by generation of the forest, and which type of user brings which."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.bar_list import Bar, bar_list
from dash_app.components.figure_card import figure_card
from dash_app.components.network_kpis import k_text
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.formats import FEW, count, share

_GENERATIONS: Columns = {
    "generation": ("Generation", count),
    "users": ("Users", count),
    "share_this_deep": ("Users this deep or deeper", share),
    "mature_users": ("Mature users", count),
    "offspring": ("New users of theirs", count),
    "k": ("K in 60 days", lambda k: f"{k:.2f}"),
    "k_low": ("from", lambda k: f"{k:.2f}"),
    "k_high": ("to", lambda k: f"{k:.2f}"),
}
_PAIRS: Columns = {
    "from_type": ("Who invites", None),
    "to_type": ("Who comes", None),
    "mature_users": ("Mature users", count),
    "offspring": ("New users", count),
    "offspring_per_user": ("Each brings", lambda value: f"{value:.3f}"),
    "offspring_per_user_low": ("from", lambda value: f"{value:.3f}"),
    "offspring_per_user_high": ("to", lambda value: f"{value:.3f}"),
    "elasticity": ("Weight in growth", share),
}


def generations_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """K of each generation, and the first one at which it falls. Needs ``queries.network.generations``."""
    figure_id, title = "network-generations", "K by generation: does it hold as trees grow deeper?"
    known = rows[rows["mature_users"] > 0]
    if known.empty:
        return figure_card(figure_id, title, means, nothing("No generation has a mature user yet."))
    bars = [
        Bar(
            "Users nobody referred" if row["generation"] == 0 else f"Generation {row['generation']}",
            k_text(row["k"], row["k_low"], row["k_high"], row["mature_users"]),
            row["k"] if row["mature_users"] >= FEW else 0,
            f"{count(row['offspring'])} by {count(row['mature_users'])}"
            + ("; too few" if row["mature_users"] < FEW else f"; {row['k_low']:.2f} to {row['k_high']:.2f}"),
        )
        for row in known.to_dict("records")
    ]
    falls = known.loc[known["is_first_fall"].astype(bool), "generation"]
    caption = (
        f"It breaks at generation {falls.iloc[0]}: the fall from the one before is more than chance."
        if len(falls)
        else "No generation falls below the one before by more than chance."
    )
    content = bar_list(f"{figure_id}-bars", bars, "people")
    twin = rows.assign(share_this_deep=rows["users_this_deep"] / rows["all_users"])
    return figure_card(figure_id, title, means, content, caption, table(twin, _GENERATIONS, title), csv_href)


def pairs_card(rows: pd.DataFrame, means: str, csv_href: str) -> html.Section:
    """The links between user types, the one most worth improving first. Needs ``queries.network.next_generation``."""
    figure_id, title = "network-pairs", "Which link to improve: who brings whom"
    known = rows[(rows["mature_users"] > 0) & rows["elasticity"].notna()]
    if known.empty:
        return figure_card(figure_id, title, means, nothing("No mature user has brought anybody yet."))
    bars = [
        Bar(
            f"{row['from_type'].capitalize()} → {row['to_type']}",
            share(row["elasticity"]),
            row["elasticity"],
            f"{row['offspring_per_user']:.3f} each, {count(row['offspring'])} by {count(row['mature_users'])}",
        )
        for row in known.to_dict("records")
    ]
    best = known.iloc[0]
    caption = (
        f"One percent more {best['to_type']}s brought by each {best['from_type']} raises growth per generation by "
        f"{best['elasticity']:.2f} %. All links together make 100 %."
    )
    content = bar_list(f"{figure_id}-bars", bars, "people", full=1)
    return figure_card(figure_id, title, means, content, caption, table(rows, _PAIRS, title), csv_href)
