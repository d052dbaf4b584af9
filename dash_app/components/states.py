"""What a page shows when there is nothing to show, and why."""

from __future__ import annotations

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html

from dash_app.components.aria import aria


def message(icon: str, title: str, *sentences: str | html.Code | html.Span) -> html.Div:
    """A calm block in place of content: an icon of Bootstrap's set, a title, sentences."""
    return html.Div(
        [
            html.I(className=f"bi bi-{icon} state-icon", **aria(hidden="true")),
            html.H2(title, className="h5"),
            *[html.P(sentence) for sentence in sentences],
        ],
        className="state card",
    )


def no_snapshot(reason: str) -> html.Div:
    """Nothing has been published yet."""
    return message(
        "database-slash",
        "Nothing has been published yet",
        "The pages show the newest build that passed its tests, and there is none so far. "
        "They fill by themselves within seconds of the first one.",
        html.Span(["To make one: ", html.Code("python -m include.pipeline run --start YYYY-MM-DD --end YYYY-MM-DD")]),
        html.Span(f"What was found: {reason}.", className="text-body-secondary"),
    )


def older_snapshot() -> html.Div:
    """The newest snapshot was built before this view was there."""
    return message(
        "hourglass-split",
        "This view fills with the next build",
        "The data was built by an earlier version, which did not make these tables. The next daily run makes them.",
        html.Span(["Sooner: ", html.Code("python -m include.pipeline reprocess --start YYYY-MM-DD --end YYYY-MM-DD")]),
    )


def failed(reason: str) -> html.Div:
    """A page could not be computed; the reason is one a reader can act on."""
    return message("exclamation-triangle", "This could not be shown", reason)


def nothing(text: str) -> html.Div:
    """No rows for one figure: a sentence instead of empty axes."""
    return html.Div(
        [html.I(className="bi bi-inbox", **aria(hidden="true")), html.P(text)],
        className="nothing",
    )


def notices(sentences: Sequence[str]) -> list[dbc.Alert]:
    """What of a link or of the filters could not be followed."""
    if not sentences:
        return []
    lines = [html.Li(sentence) for sentence in sentences]
    return [dbc.Alert(html.Ul(lines, className="mb-0 ps-3"), color="warning", dismissable=True, className="notice")]
