"""What the server tells browsers and refuses from them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from dash import Dash
from flask import Response, request

#: The greatest request is a callback's arguments, a few kilobytes.
MAX_REQUEST_BYTES = 1024 * 1024


def harden(app: Dash) -> None:
    """Limit request bodies, refuse what other sites send, and set the headers that keep a page to itself."""
    app.server.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    app.server.before_request(_refuse_other_sites)
    headers: dict[str, str] = {}

    def add_headers(response: Response) -> Response:
        # Dash adds an inline script of its own with the first request: only then are the hashes complete.
        if not headers:
            headers.update(_headers(app.csp_hashes()))
        for name, value in headers.items():
            response.headers.setdefault(name, value)  # the page of tables has a stricter policy of its own
        return response

    app.server.after_request(add_headers)


def _refuse_other_sites() -> Response | None:
    """Somebody else's page must not decide in the name of whoever looks at it."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    # Browsers send the first over HTTPS and from this machine only. Who sends neither is no browser.
    is_other = site not in ("same-origin", "none") if site else bool(origin) and urlsplit(origin).netloc != request.host
    if request.method != "POST" or not is_other:
        return None
    return Response("Requests from other sites are refused.\n", 403, mimetype="text/plain")


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
