"""The documents that Data Health leads to, as pages: ``/documents/<name>``."""

from __future__ import annotations

from functools import cache

from flask import Flask, Response, render_template
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin

from dash_app.exports import words
from dash_app.views import VIEWS
from include.settings import PROJECT_ROOT

PATH = "/documents/"
#: Name, which begins with the view that leads there, -> its file.
DOCUMENTS = {
    "health-event-contract": PROJECT_ROOT / "docs" / "event_contract.md",
    "health-runbook": PROJECT_ROOT / "docs" / "runbook.md",
}


def register(server: Flask) -> None:
    """Add the route to the server."""
    server.add_url_rule(f"{PATH}<name>", "document", _document)


def _document(name: str) -> Response:
    if name not in DOCUMENTS:
        return words(f"There is no document of this name. There are: {', '.join(DOCUMENTS)}.", 404)
    title, body = _read(name)
    back = VIEWS[name.partition("-")[0]]
    return Response(render_template("document.html", title=title, body=body, back=back.path, back_to=back.title))


@cache  # a document comes with the code
def _read(name: str) -> tuple[str, str]:
    text = DOCUMENTS[name].read_text(encoding="utf-8")
    # without HTML: a document is text, whatever somebody wrote into it
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(anchors_plugin, max_level=3)
    return text.splitlines()[0].lstrip("# "), str(parser.render(text))
