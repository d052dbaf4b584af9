"""The frame round every figure: a title that says what it shows, its definition, its table and its CSV file."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dash_app.components.aria import aria
from dash_app.components.definition import definition


def figure_card(
    figure_id: str,
    title: str,
    means: str,
    content: Component,
    caption: str | None = None,
    twin: Component | None = None,
    csv_href: str | None = None,
) -> html.Section:
    """``means`` is the definition behind the (i), ``twin`` the same as a table, ``csv_href`` the same as a file."""
    tools = [csv_link(figure_id, title, csv_href)] if csv_href else []
    head = html.Div(
        [html.H2([title, " ", definition(f"{figure_id}-means", title, means)], className="figure-title"), *tools],
        className="figure-head",
    )
    parts: list[Component] = [head, *([html.P(caption, className="figure-caption")] if caption else []), content]
    if twin is not None:
        parts.append(html.Details([html.Summary("Show as table"), twin], id=f"{figure_id}-table", className="twin"))
    return html.Section(parts, className="card card-body figure-card", id=figure_id, **aria(label=title))


def csv_link(figure_id: str, title: str, csv_href: str) -> html.A:
    """The same as a file."""
    return html.A(
        [html.I(className="bi bi-download", **aria(hidden="true")), " CSV"],
        href=csv_href,
        className="tool",
        id=f"{figure_id}-csv",
        **aria(label=f"{title}: download as CSV"),
    )
