"""Which view a request would show something of: a file, a list of rows, a document, or a callback of a page."""

from __future__ import annotations

import inspect
from typing import Any

from dash import Dash, page_registry
from flask import Request

from dash_app.views import VIEWS

_CALLBACK = "/_dash-update-component"
#: Routes whose last part begins with the name of its view.
_OF_A_VIEW = ("/export/", "/rows/", "/documents/")
_PATHS = {view.path: name for name, view in VIEWS.items()}


def view_at(path: str) -> str | None:
    """Name of the view at an address, with or without a slash at its end."""
    return _PATHS.get("/" + path.strip("/"))


def view_of(request: Request, app: Dash) -> str | None:
    """Name of the view whose figures the answer would hold; none for what every page has."""
    if request.path.startswith(_OF_A_VIEW):
        name = request.path.split("/")[2].partition("-")[0]
        return name if name in VIEWS else None
    if request.path == _CALLBACK:
        return _view_of_callback(request.get_json(silent=True), app)
    return view_at(request.path)


def _view_of_callback(asked: Any, app: Dash) -> str | None:
    output = asked.get("output") if isinstance(asked, dict) else None
    entry = app.callback_map.get(output) if isinstance(output, str) else None
    if not entry or "callback" not in entry:
        return None
    module = inspect.unwrap(entry["callback"]).__module__
    return next((view_at(page["path"]) for page in page_registry.values() if page["module"] == module), None)
