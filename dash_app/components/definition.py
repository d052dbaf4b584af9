"""The small (i) behind a number: what it means, on hover and on focus."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import html

from dash_app.components.aria import aria


def definition(anchor_id: str, name: str, text: str) -> html.Span:
    """An icon that shows ``text``; ``anchor_id`` must be unique on the page."""
    return html.Span(
        [
            html.Button(
                html.I(className="bi bi-info-circle", **aria(hidden="true")),
                id=anchor_id,
                type="button",
                className="info",
                **aria(label=f"What “{name}” means: {text}"),
            ),
            dbc.Tooltip(
                text, target=anchor_id, trigger="hover focus", placement="bottom", delay={"show": 100, "hide": 50}
            ),
        ]
    )
