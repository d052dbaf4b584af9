"""The way from a number to the rows it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dash_app.components.aria import aria


def lead_to_rows(parts: Sequence[Component], hrefs: Mapping[str, str]) -> None:
    """Give the KPI or figure card of each id its link. A card whose figure has nothing to show gets none."""
    page = html.Div([*parts])
    for card_id, href in hrefs.items():
        card = page[card_id]
        link = html.A(
            [html.I(className="bi bi-list-ul", **aria(hidden="true")), " Rows"],
            href=href,
            className="tool",
            id=f"{card_id}-rows",
            **aria(label=f"{getattr(card, 'aria-label')}: row by row"),
        )
        if "figure-card" not in card.className:
            card.children.append(html.P(link, className="kpi-note"))
        elif len(card.children[0].children) > 1:  # it has a file, so it has rows
            card.children[0].children.append(link)
