"""The door of the app: who is there, and whether that person may have what the request asks for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

from dash import Dash, page_registry
from dash.development.base_component import Component
from flask import Flask, Request, Response, current_app, has_request_context, redirect, render_template, request
from flask_limiter import Limiter
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.wrappers import Response as AnyResponse

from dash_app.access.people import DECISIONS, Person, Watched
from dash_app.access.scope import view_at, view_of
from dash_app.access.settings import AccessError, Settings
from dash_app.components.states import message
from dash_app.views import VIEWS

log = logging.getLogger(__name__)

HEALTH, LOG_IN, LOG_OUT = "/healthz", "/log-in", "/log-out"
SESSION_LASTS = timedelta(hours=12)
#: Guesses of one name from one address; a worker counts its own.
GUESSES = "10 per minute"
#: Guesses from one address, whatever the names: each costs an eighth of a second of CPU. An office shares an address.
GUESSES_FROM_ADDRESS = "60 per minute"
#: Of a name, what counts its guesses; no name is longer.
_NAME_COUNTED = 64
#: What an unknown name is compared with, so that it takes as long as a known one.
_NOBODYS = generate_password_hash("nobody's")

_EXTENSION = "carton_caps_access"
_NOT_YOURS = "{} is for other groups than yours. Ask whoever runs this app."


class Gate:
    """Access to one app."""

    def __init__(self, app: Dash, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._people = Watched(settings.file)

    def person_of(self, identity: str) -> Person | None:
        """The person of a session, unless the file no longer has them or has another password."""
        person = self._people.now().people.get(identity.partition("|")[0])
        return person if person and person.get_id() == identity else None

    def person_by_proxy(self, asked: Request) -> Person | None:
        """Whom a trusted proxy names, with the groups that it and the file give."""
        name = asked.headers.get(self._settings.user_header, "").strip()
        if self._settings.mode != "proxy" or not name or asked.remote_addr not in self._settings.proxies:
            return None
        told = asked.headers.get(self._settings.groups_header, "").split(",")
        known = self._people.now().people.get(name, Person(name))
        return Person(name, known.groups | {group.strip() for group in told if group.strip()})

    def may(self, what: str) -> bool:
        """Whether whoever asks may see the view ``what``, or take decisions."""
        return current_user.is_authenticated and self._people.now().may(current_user, what)

    def check(self) -> AnyResponse | None:
        """Before every request: let it pass, or answer 401 or 403."""
        if request.path == HEALTH:
            return None
        if not current_user.is_authenticated:
            return None if self._is_log_in() else self._unknown()
        view = view_of(request, self._app)
        return None if view is None or self.may(view) else _words(_NOT_YOURS.format(VIEWS[view].title), 403)

    def broken(self, error: AccessError) -> Response:
        """The answer to everybody while the file of people is broken: nobody comes in by what it said before."""
        log.error("%s", error)
        return _words("Access is not set up rightly; the server's log says how.", 503)

    def log_in(self) -> AnyResponse:
        """Take a name and a password; the right ones lead to the page that was asked for."""
        name, password = request.form.get("name", ""), request.form.get("password", "")
        person = self._people.now().people.get(name)
        hashed = person.password if person else ""
        is_right = check_password_hash(hashed or _NOBODYS, password)
        if person and hashed and is_right:
            login_user(person)
            log.info("%s has logged in", name)
            return redirect(_inside(request.args.get("next", "/")))
        return self._unknown("That name and password do not belong together.")

    def log_out(self) -> AnyResponse:
        """End the session."""
        logout_user()
        return redirect("/")

    def _is_log_in(self) -> bool:
        return self._settings.mode == "people" and (request.path, request.method) == (LOG_IN, "POST")

    def too_many(self, _limit: object) -> Response:
        """The answer to somebody who guesses."""
        return self._unknown("Too many attempts. Wait a minute.", 429)

    def _unknown(self, words: str = "", status: int = 401) -> Response:
        if self._settings.mode == "proxy":
            return _words("Nobody is named. Open this app through your organisation's log-in.", 401)
        if not request.accept_mimetypes.accept_html:
            return _words(words or "Log in first.", status)
        asked = request.args.get("next", "/") if request.path == LOG_IN else request.full_path.rstrip("?")
        page = render_template("log_in.html", action=f"{LOG_IN}?next={quote(_inside(asked))}", words=words)
        return Response(page, status)


def register(app: Dash, settings: Settings) -> None:
    """Put the door before every route of the app; with ``off`` there is none."""
    server: Flask = app.server
    if settings.mode == "off":
        return
    gate = Gate(app, settings)
    server.extensions[_EXTENSION] = gate
    server.config.update(
        SECRET_KEY=settings.key or None,
        SESSION_COOKIE_NAME="carton_caps_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        PERMANENT_SESSION_LIFETIME=SESSION_LASTS,
    )
    manager = LoginManager(server)
    manager.user_loader(gate.person_of)
    manager.request_loader(gate.person_by_proxy)
    server.before_request(gate.check)
    server.register_error_handler(AccessError, gate.broken)
    if settings.mode == "people":
        limiter = Limiter(_address, app=server, storage_uri="memory://", on_breach=gate.too_many)
        from_address = limiter.limit(GUESSES_FROM_ADDRESS)(gate.log_in)  # looked at first: its names are not kept
        guarded = limiter.limit(GUESSES, key_func=_address_and_name)(from_address)
        server.add_url_rule(LOG_IN, "log_in", guarded, methods=["POST"])
        server.add_url_rule(LOG_OUT, "log_out", gate.log_out, methods=["POST"])
    for page in page_registry.values():
        page["layout"] = _guarded(page["layout"], page["path"])


def may(what: str) -> bool:
    """Whether whoever asks may see the view ``what``, or take ``decisions``; everybody may while access is off."""
    gate = _gate()
    return gate is None or gate.may(what)


def who() -> str | None:
    """The name of whoever asks; none while access is off."""
    return current_user.name if _gate() and current_user.is_authenticated else None


def may_decide() -> bool:
    """Whether whoever asks may take decisions in Trust & Safety."""
    return may(DECISIONS)


def may_see_trust() -> bool:
    """Whether whoever asks may see the trust state of people, which the view Trust & Safety shows."""
    return may(VIEWS["trust"].name)


def _gate() -> Gate | None:
    return current_app.extensions.get(_EXTENSION) if has_request_context() else None


def _guarded(layout: Callable[..., Component] | Component, path: str) -> Callable[..., Component]:
    """The layout of a page for those who may see its view; for others the reason."""
    view = view_at(path)

    def guarded(**params: str) -> Component:
        if view and not may(view):
            return message("lock", "Not for your groups", _NOT_YOURS.format(VIEWS[view].title))
        return layout(**params) if callable(layout) else layout

    return guarded


def _address() -> str:
    return str(request.remote_addr)


def _address_and_name() -> str:
    return f"{_address()}|{request.form.get('name', '')[:_NAME_COUNTED]}"


def _inside(target: str) -> str:
    """An address of this app, whatever a link asks for. Tabs and line ends are dropped on the way to a browser, so that
    what stands behind one may begin with another host."""
    is_path = target.isprintable() and target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_path else "/"


def _words(text: str, status: int) -> Response:
    return Response(text + "\n", status, mimetype="text/plain")
