"""Answers that are not worked out twice: the finished response to a callback, for whoever asks the same.

Most of what an answer costs once its rows are cached is drawing it: components, JSON, compression. What follows from a
snapshot and from what the callback was given is kept; ``page.answer`` says which answers those are. A callback whose
answer follows from more says so with ``follows_also_from``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from cachetools import LRUCache
from dash import Dash
from flask import Response, g, has_request_context, request

from dash_app.callback_requests import asks_a_callback
from dash_app.queries.snapshot import NoSnapshot, Snapshot, current

#: What else an answer follows from; compared by its repr.
Also = Callable[[Snapshot], object]

KEPT_BYTES = 32 * 1024 * 1024
_HEADERS = ("Content-Type", "Content-Encoding", "Vary")

_also: dict[str, Also] = {}
_kept: LRUCache[tuple[str, ...], Response] = LRUCache(KEPT_BYTES, getsizeof=lambda kept: len(kept.get_data()) + 1024)
_lock = threading.Lock()


def register(app: Dash) -> None:
    """Answer from what is kept. To be called behind every check of a request, and before compression is set up."""
    app.server.before_request(_answer)
    app.server.after_request(_keep)


def follows_also_from(output: str, also: Also) -> None:
    """Say what the answer of the callback ``output`` follows from besides. It is asked for with every request."""
    _also[output] = also


def follows_from(snapshot: Snapshot) -> None:
    """Say that the answer under way follows from ``snapshot`` and from what the callback was given, nothing else."""
    if has_request_context():
        g.kept_for = snapshot


def _answer() -> Response | None:
    if not asks_a_callback():
        return None
    try:
        snapshot = current()
    except NoSnapshot:
        return None
    also = _also.get(request.get_json()["output"])
    # before anything is worked out: what comes meanwhile is another answer's
    g.also = repr(also(snapshot)) if also else ""
    key = _key(snapshot)
    with _lock:
        kept = _kept.get(key)
    return None if kept is None else _copy(kept)


def _keep(response: Response) -> Response:
    snapshot: Snapshot | None = g.pop("kept_for", None)
    if snapshot is not None and response.status_code == 200 and "also" in g:
        with _lock:
            _kept[_key(snapshot)] = _copy(response)
    return response


def _copy(response: Response) -> Response:
    headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    return Response(response.get_data(), headers=headers)


def _key(snapshot: Snapshot) -> tuple[str, ...]:
    """What an answer depends on: the snapshot, the callback with what it was given, and how it may be compressed."""
    asked: dict[str, Any] = request.get_json()
    given = [asked[part] for part in ("output", "inputs", "state") if part in asked]
    return str(snapshot.file), json.dumps([*given, request.headers.get("Accept-Encoding")]), g.also
