"""How gunicorn serves the app: ``gunicorn dash_app.app:server --config python:dash_app.serving --bind ADDRESS``."""

from __future__ import annotations

import threading
from typing import Any

workers = 2
threads = 4
#: It would lie in the home directory and be shared by every instance.
control_socket_disable = True
#: A proxy's logs say who asked for what.
accesslog = "/dev/null"

_stop = threading.Event()


def post_worker_init(_worker: Any) -> None:
    """A worker has loaded the app."""
    # here: gunicorn reads this file before there is an app
    from dash_app.warm import keep_warm

    threading.Thread(target=keep_warm, args=(_stop,), name="warm", daemon=True).start()


def worker_exit(_server: Any, _worker: Any) -> None:
    """A worker ends."""
    _stop.set()
