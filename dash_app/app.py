"""The web app: ``gunicorn dash_app.app:server``, or ``python -m dash_app`` on one's own machine."""

from __future__ import annotations

from pathlib import Path

from dash import Dash
from flask_compress import Compress

from dash_app import callback_requests, documents, drill, exports, health, kept_answers, shell
from dash_app.access import gate, settings
from dash_app.security import harden

HERE = Path(__file__).resolve().parent

INDEX = """<!DOCTYPE html>
<html lang="en">
    <head>
        {%metas%}
        <title>{%title%}</title>
        <link rel="icon" type="image/svg+xml" href="/assets/web/icon.svg">
        <script src="/assets/web/early.js"></script>
        {%css%}
    </head>
    <body>
        {%app_entry%}
        <noscript>These pages draw charts in the browser and need JavaScript.</noscript>
        <footer>
            {%config%}
            {%scripts%}
            {%renderer%}
        </footer>
    </body>
</html>"""


def create_app() -> Dash:
    """The app with all its pages and routes, ready for its first request."""
    app = Dash(
        "dash_app",
        title="Carton Caps Analytics",
        update_title="",
        index_string=INDEX,
        use_pages=True,
        pages_folder=str(HERE / "pages"),
        assets_folder=str(HERE / "assets"),
        assets_ignore=r"^early\.js$",
        include_pages_meta=False,
        # Without it every page's layout is run at the start and sent along with every page.
        suppress_callback_exceptions=True,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        on_error=shell.on_error,
        enable_mcp=False,
    )
    app.layout = shell.layout
    gate.register(app, settings.from_env())
    health.register(app.server)
    exports.register(app.server)
    drill.register(app.server)
    documents.register(app.server)
    harden(app)
    callback_requests.register(app)
    kept_answers.register(app)
    Compress(app.server)  # behind what keeps answers: it hands over what it has compressed
    # Dash sets itself up within the first request, and one that comes meanwhile finds no component files: a browser
    # sends twenty at once.
    with app.server.test_request_context("/"):
        app.server.preprocess_request()
    return app


app = create_app()
server = app.server
