"""An address that is none of the views."""

from __future__ import annotations

from dash import html, register_page

from dash_app.components.states import message

register_page(__name__, title="Not found · Carton Caps")


def layout(**_query: str) -> html.Div:
    """A way back."""
    return html.Div(
        [
            html.H1("Not found", className="page-title"),
            message("signpost-split", "There is no page at this address", "Choose a view above."),
        ],
        className="page",
    )
