"""What the server tells browsers and refuses from them."""

from __future__ import annotations

from collections.abc import Sequence

from dash import Dash
from flask import Response

#: The greatest request is a callback's arguments, a few kilobytes.
MAX_REQUEST_BYTES = 1024 * 1024


def harden(app: Dash) -> None:
    """Limit request bodies, and send the headers that keep a page to itself and to this server."""
    app.server.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    headers: dict[str, str] = {}

    def add_headers(response: Response) -> Response:
        # Dash adds an inline script of its own with the first request: only then are the hashes complete.
        if not headers:
            headers.update(_headers(app.csp_hashes()))
        response.headers.update(headers)
        return response

    app.server.after_request(add_headers)


def _headers(script_hashes: Sequence[str]) -> dict[str, str]:
    policy = (
        "default-src 'none'",
        f"script-src 'self' {' '.join(script_hashes)}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src blob:",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }
