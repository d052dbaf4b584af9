"""Every view is drawn once before somebody asks: when a worker starts, and when a snapshot is published.

The first drawing is the slow one: libraries are loaded, DuckDB reads the file, and the rows of the usual period are not
cached yet. After a publication all open pages ask at once.
"""

from __future__ import annotations

import logging
import sys
import threading
from functools import partial

from dash import page_registry

from dash_app.page import answer
from dash_app.queries.snapshot import NoSnapshot, Snapshot, current

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0


def keep_warm(stop: threading.Event) -> None:
    """Draw all views for each snapshot that comes, until ``stop`` is set."""
    drawn: Snapshot | None = None
    while True:
        try:
            newest = current()
        except NoSnapshot:
            newest = None
        if newest is not None and newest is not drawn:
            draw_views()
            drawn = newest
        if stop.wait(POLL_SECONDS):
            return


def draw_views() -> int:
    """Draw each view under no filters; gives how many could be. What cannot is logged, and told when somebody asks."""
    drawn = 0
    for page in page_registry.values():
        module = sys.modules[page["module"]]
        if not hasattr(module, "build"):
            continue
        try:
            answer(partial(module.build, params={}, theme="light"), getattr(module, "NEEDS", ()))
            drawn += 1
        except Exception:
            log.exception("%s could not be drawn ahead", page["name"])
    return drawn
