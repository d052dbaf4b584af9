"""The documents that Data Health leads to, as pages: ``/documents/<name>``; one is dbt's, of tables and lineage."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from functools import cache

from flask import Flask, Response, render_template, request
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin

from dash_app.exports import words
from dash_app.views import VIEWS
from include.settings import PROJECT_ROOT, data_dir

PATH = "/documents/"
#: Name, which begins with the view that leads there, -> its file.
DOCUMENTS = {
    "health-event-contract": PROJECT_ROOT / "docs" / "event_contract.md",
    "health-runbook": PROJECT_ROOT / "docs" / "runbook.md",
    "health-metrics": PROJECT_ROOT / "docs" / "metrics.md",
}
#: dbt's page: every table with its columns, its SQL and where it comes from.
TABLES = "health-tables"
#: dbt's page runs scripts of its own that are written into it, so it gets an origin of its own too: it can neither read
#: what the app has in the browser nor ask the app for anything.
_TABLES_POLICY = "; ".join(
    (
        "sandbox allow-scripts",
        "default-src 'none'",
        "script-src 'unsafe-inline' 'unsafe-eval'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


def register(server: Flask) -> None:
    """Add the route to the server."""
    server.add_url_rule(f"{PATH}<name>", "document", _document)


def has_tables() -> bool:
    """Whether the page of tables and lineage is there; it is built after a publication."""
    return data_dir().docs_site.exists()


def _document(name: str) -> Response:
    if name == TABLES:
        return _tables()
    if name not in DOCUMENTS:
        return words(f"There is no document of this name. There are: {', '.join((*DOCUMENTS, TABLES))}.", 404)
    title, body = _read(name)
    back = VIEWS[name.partition("-")[0]]
    return Response(render_template("document.html", title=title, body=body, back=back.path, back_to=back.title))


def _tables() -> Response:
    try:
        page = data_dir().docs_site.read_bytes()
    except FileNotFoundError:
        return words("The page of tables is not there yet: it is built after a publication, or by `make docs`.", 404)
    answer = Response(mimetype="text/html")
    if request.accept_encodings["gzip"]:
        answer.data, answer.content_encoding = page, "gzip"
    else:
        answer.data = gzip.decompress(page)
    answer.headers["Content-Security-Policy"] = _TABLES_POLICY
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.add("Accept-Encoding")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@cache  # a document comes with the code
def _read(name: str) -> tuple[str, str]:
    text = DOCUMENTS[name].read_text(encoding="utf-8")
    # without HTML: a document is text, whatever somebody wrote into it
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(anchors_plugin, max_level=3)
    tokens = parser.parse(text)
    for token in tokens:
        token.children = [*_links_that_lead_somewhere(token.children or [])]
    return text.splitlines()[0].lstrip("# "), str(parser.renderer.render(tokens, parser.options, {}))


def _links_that_lead_somewhere(tokens: Sequence[Token]) -> Iterator[Token]:
    """A link to another file leads to its page where it has one; the words of others stay, without a link."""
    pages = {file.name: f"{PATH}{name}" for name, file in DOCUMENTS.items()}
    is_left_out = False
    for token in tokens:
        if token.type == "link_open":
            path, _, heading = str(token.attrs["href"]).partition("#")
            is_left_out = bool(path) and "://" not in path and path not in pages
            if path in pages:
                token.attrs["href"] = f"{pages[path]}#{heading}" if heading else pages[path]
        if not (is_left_out and token.type in ("link_open", "link_close")):
            yield token
