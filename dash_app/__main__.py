"""``python -m dash_app``: the app as it is served elsewhere, on 127.0.0.1 and the port CARTON_DASH_PORT (8050)."""

from __future__ import annotations

import os
import sys

from include.settings_list import default, value

HOST = "127.0.0.1"


def main() -> None:
    """Become gunicorn; Ctrl-C ends it."""
    port = value("CARTON_DASH_PORT")
    if not port.isdigit():
        sys.exit(
            f"CARTON_DASH_PORT is “{port}”, which is no port number. "
            f"Unset it for {default('CARTON_DASH_PORT')}, or set a number."
        )
    options = ["--config", "python:dash_app.serving", "--bind", f"{HOST}:{port}"]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "dash_app.app:server", *options])  # noqa: S606


if __name__ == "__main__":
    main()
