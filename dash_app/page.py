"""What every page is made of: a heading, perhaps the filters, and a body that the newest snapshot fills."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import kept_answers
from dash_app.components.filter_bar import filter_bar
from dash_app.components.states import failed, no_snapshot, notices, older_snapshot
from dash_app.filters import parse
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import NoSnapshot, QueryTookTooLong, Snapshot, current
from dash_app.static_html import folded
from dash_app.views import View


def page(view: View, body_id: str, query: Mapping[str, str] | None = None, own_params: Sequence[str] = ()) -> html.Div:
    """The frame of a view; with ``query``, the parameters of its URL, it has the filter bar.

    ``own_params``: those of the URL that are no filters but the view's own choices.
    """
    heading = html.H1(view.title, className="page-title")
    body = dcc.Loading(
        html.Div(id=body_id, className="page-body"),
        delay_show=250,
        overlay_style={"visibility": "visible", "opacity": 0.5},
        type="circle",
    )
    return html.Div([heading, *_controls(view, query, own_params), body], className="page")


def answer(
    build: Callable[[Snapshot], Sequence[Component]], needs: Sequence[str] = (), is_kept: bool = False
) -> Sequence[Component]:
    """What ``build`` makes of the newest snapshot, or the reason why there is nothing to show.

    ``needs``: tables of gold, which a snapshot from before an upgrade may not have yet. ``is_kept``: ``build`` depends
    on the snapshot, on what the callback was given and on what ``kept_answers.follows_also_from`` was told, and on
    nothing else, so that its answer can be given again.
    """
    try:
        snapshot = current()
        if not snapshot.has(*(f"gold.{table}" for table in needs)):
            return [older_snapshot()]
        built = folded(build(snapshot))
        if is_kept:
            kept_answers.follows_from(snapshot)
        return built
    except NoSnapshot as error:
        return [no_snapshot(str(error))]
    except QueryTookTooLong as error:
        return [failed(str(error))]


def _controls(view: View, query: Mapping[str, str] | None, own_params: Sequence[str]) -> list[Component]:
    if query is None:
        return []
    try:
        covered = bounds(current())
    except NoSnapshot:
        return []  # the body says so; the page is loaded anew when there is a snapshot
    of_filters = {key: value for key, value in query.items() if key not in own_params}
    filters, ignored = parse(of_filters, covered)
    return [*notices(ignored), filter_bar(filters, covered, view)]
