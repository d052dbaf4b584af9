"""Clusters of accounts that share identifiers: the suspicious ones as a picture, all of them as a list."""

from __future__ import annotations

from functools import partial
from math import ceil, sqrt

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dash_app.components.figure_card import csv_link, figure_card
from dash_app.components.network_graph import edge, node, picture, places, tie_looks
from dash_app.components.people_graph import TIES
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme
from dash_app.components.tree_graph import Address
from dash_app.filters import day_text
from dash_app.formats import count, plural, share, usd
from dash_app.queries.trust_signals import CLUSTERS_DRAWN

CANVAS, FACTS = "trust-clusters-canvas", "trust-clusters-facts"

_ID = "trust-clusters"
#: A cluster is drawn in a square of this side, px.
_CELL = 150
_COLUMNS: Columns = {
    "cluster_id": ("Cluster", None),
    "suspicious": ("Suspicious", None),
    "users": ("Accounts", count),
    "density": ("Pairs linked", share),
    "what": ("Share", None),
    "applied_referrals": ("Referrals that brought them", count),
    "referral_usd": ("Bonuses", usd),
    "first": ("First linked", None),
    "link": ("Case", None),
}


def clusters_card(
    rows: pd.DataFrame, edges: pd.DataFrame, means: str, csv_href: str, theme: Theme, address: Address
) -> html.Section:
    """Needs ``queries.trust_signals`` clusters and edges; ``address`` of a case."""
    if rows.empty:
        nobody = "No two accounts share a device, a payment method or a mailbox."
        return figure_card(_ID, "Clusters of accounts", means, nothing(nobody))
    suspicious = rows[rows["is_suspicious"]]
    money = suspicious["referral_usd"].sum()
    title = f"{plural(len(suspicious), 'suspicious cluster')} of {count(len(rows))}: {usd(money)} of bonuses"
    listed = table(rows, _COLUMNS, title, CLUSTERS_DRAWN, partial(_worded, address=address))
    csv = csv_link(_ID, title, csv_href)
    if suspicious.empty:
        return figure_card(_ID, title, means, nothing("None has a signal: all are taken for households."), None, listed,
                           csv_href)  # fmt: skip
    drawn = suspicious.head(CLUSTERS_DRAWN)
    looks = tie_looks(theme)
    named = [(colour, TIES[kind]) for kind, (colour, _) in looks.items()]
    elements = _elements(drawn, edges, PALETTES[theme].people)
    picture_of = picture(CANVAS, title, [_caption(len(drawn), len(suspicious))], csv, elements, named, listed, theme)
    facts = html.P(id=FACTS, className="figure-caption facts", role="status")
    return figure_card(_ID, title, means, html.Div([facts, *picture_of]))


def _worded(rows: pd.DataFrame, address: Address) -> pd.DataFrame:
    return rows.assign(
        suspicious=["yes" if flag else "no" for flag in rows["is_suspicious"]],
        what=[_what(row) for row in rows.to_dict("records")],
        first=rows["first_linked_at"].map(day_text),
        link=pd.Series([_link(case, address) for case in rows["case_id"]], index=rows.index, dtype=object),
    )


def _elements(drawn: pd.DataFrame, edges: pd.DataFrame, colour: str) -> list[dict]:
    across = ceil(sqrt(2.2 * len(drawn)))
    elements: list[dict] = []
    for place, cluster in enumerate(drawn.to_dict("records")):
        ties = edges[edges["cluster_id"] == cluster["cluster_id"]]
        pairs = [*zip(ties["low_user_id"].tolist(), ties["high_user_id"].tolist(), strict=True)]
        users = sorted({user for pair in pairs for user in pair})
        for user, at in zip(users, _inside(places(users, pairs), place % across, place // across), strict=True):
            elements.append(node(user, str(user), at, 18, colour, _says(user, cluster), "minor"))
        elements += [
            edge(one, other, 2, kind, f":{kind}") for (one, other), kind in zip(pairs, ties["kind"], strict=True)
        ]
    return elements


def _inside(found: list[tuple[float, float]], column: int, line: int) -> list[tuple[float, float]]:
    """The places drawn into the square of a column and a line."""
    widest = max((abs(value) for at in found for value in at), default=1) or 1
    scale = 0.36 * _CELL / widest
    return [(column * _CELL + x * scale, line * _CELL + y * scale) for x, y in found]


def _says(user: int, cluster: dict) -> str:
    case = f" Case {cluster['case_id']}." if isinstance(cluster["case_id"], str) else ""
    return (
        f"User {user} is one of {count(cluster['users'])} accounts of cluster {cluster['cluster_id']}, which share "
        f"{_what(cluster)}; {plural(cluster['applied_referrals'], 'referral')} brought them, "
        f"{usd(cluster['referral_usd'])} of bonuses.{case}"
    )


def _what(row: dict) -> str:
    named = {"has_shared_device": "devices", "has_shared_payment": "payment methods", "has_shared_email": "mailboxes"}
    return ", ".join(text for flag, text in named.items() if row[flag]) or "-"


def _caption(drawn: int, there: int) -> str:
    left_out = f" The {count(drawn)} with most money of {count(there)} are drawn." if drawn < there else ""
    return f"Each group of points is a cluster, most money first. Click an account for its cluster.{left_out}"


def _link(case: object, address: Address) -> Component | str:
    return dcc.Link(case, href=address(case)) if isinstance(case, str) else "-"
