"""What may be asked of a callback: what a page of this app sends. On anything else Dash would fail, not refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dash import Dash
from dash.exceptions import DependencyException
from flask import Response, request
from flask.json.provider import DefaultJSONProvider

_CALLBACK = "/_dash-update-component"
#: A page nests six deep: body, inputs, input, value, and what a store holds.
DEEPEST = 20

_FOREIGN = "No page of this app sends this. If one did, the app is newer than the page: load it anew.\n"


def register(app: Dash) -> None:
    """Answer 400 to what no page sends, 404 where Dash has no such file."""
    app.server.json = _Shallow(app.server)

    def refuse_foreign() -> Response | None:
        if not asks_a_callback() or _is_of_page(request.get_json(), app.callback_map):
            return None
        return Response(_FOREIGN, 400, mimetype="text/plain")

    def no_such_file(_error: DependencyException) -> Response:
        return Response("There is no such file.\n", 404, mimetype="text/plain")

    app.server.before_request(refuse_foreign)
    app.server.register_error_handler(DependencyException, no_such_file)


def asks_a_callback() -> bool:
    """Whether the request under way asks for what a callback answers."""
    return (request.path, request.method) == (_CALLBACK, "POST")


class _Shallow(DefaultJSONProvider):
    """Reads JSON of a few levels: what is deeper ends the stack of whoever walks through it, the parser's first."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            value = super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        level = [value]
        for _ in range(DEEPEST):
            level = [part for whole in level for part in _parts(whole)]
        if level:
            raise ValueError("nested too deep")
        return value


def _parts(whole: Any) -> Any:
    return whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()


def _is_of_page(asked: Any, callbacks: Mapping[str, Any]) -> bool:
    """Whether the body names a callback and brings an entry for each of its outputs, inputs and states."""
    output = asked.get("output") if isinstance(asked, dict) else None
    known = callbacks.get(output) if isinstance(output, str) else None
    if known is None or "callback" not in known:  # those that run in the browser have none
        return False
    is_multi = isinstance(known["output"], list | tuple)
    outputs, given = (
        (known["output"], asked.get("outputs")) if is_multi else ([known["output"]], [asked.get("outputs")])
    )
    changed = asked.get("changedPropIds", [])
    return (
        _fit(given, [one.to_dict() for one in outputs])
        and _fit(asked.get("inputs", []), known["inputs"])
        and _fit(asked.get("state", []), known["state"])
        and isinstance(changed, list)
        and all(isinstance(one, str) for one in changed)
    )


def _fit(given: Any, wanted: list[dict[str, Any]]) -> bool:
    return isinstance(given, list) and len(given) == len(wanted) and all(map(_fits, given, wanted))


def _fits(given: Any, wanted: Mapping[str, Any]) -> bool:
    """Whether an entry is of the component that is wanted; a list of those that a pattern matches."""
    is_pattern = wanted["id"].startswith("{")
    pattern = json.loads(wanted["id"]) if is_pattern else wanted["id"]
    if is_pattern and ["ALL"] in pattern.values():
        return isinstance(given, list) and all(_is_one(one, pattern, wanted["property"]) for one in given)
    return _is_one(given, pattern, wanted["property"])


def _is_one(given: Any, pattern: str | dict[str, Any], prop: str) -> bool:
    if not isinstance(given, dict) or given.get("property") != prop:
        return False
    found = given.get("id")
    if isinstance(pattern, str) or not isinstance(found, dict):
        return bool(found == pattern)
    return found.keys() == pattern.keys() and all(
        isinstance(found[key], str | int | float) if isinstance(part, list) else found[key] == part
        for key, part in pattern.items()
    )
