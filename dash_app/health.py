"""The health endpoint, for supervisors and load balancers."""

from __future__ import annotations

from flask import Flask, Response, jsonify

from dash_app.freshness import freshness
from dash_app.queries.snapshot import reader


def register(server: Flask) -> None:
    """Add ``/healthz``: 200 with the build shown, 503 when there is nothing to show."""
    server.add_url_rule("/healthz", "healthz", _healthz)


def _healthz() -> tuple[Response, int]:
    found = freshness(reader())
    answer = {"state": found.level, "detail": found.detail, **(found.snapshot or {})}
    return jsonify(answer), 503 if found.snapshot is None else 200
