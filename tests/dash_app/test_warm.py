"""Views are drawn before somebody asks for them."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from dash_app import warm
from dash_app.app import app
from dash_app.queries.snapshot import cache_info
from dash_app.views import VIEWS
from tests.dash_app.snapshots import publish

LAST = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def data_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    return tmp_path


def reads() -> int:
    return cache_info().misses


def waited_for_reads(before: int) -> bool:
    """Whether rows were read within a minute, and then no more for two seconds."""
    deadline = time.monotonic() + 60
    while reads() == before and time.monotonic() < deadline:
        time.sleep(0.05)
    found = reads()
    while time.monotonic() < deadline:
        time.sleep(2)
        if found == (found := reads()):
            break
    return found > before


def test_every_view_can_be_drawn_ahead(data_root: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert app.server
    publish(data_root, {}, LAST)
    with caplog.at_level(logging.ERROR):
        assert warm.draw_views() == len(VIEWS)
    assert caplog.text == ""


def test_the_first_snapshot_and_every_new_one_are_drawn_ahead(data_root: Path) -> None:
    stop = threading.Event()
    worker = threading.Thread(target=warm.keep_warm, args=(stop,))
    worker.start()
    try:
        for build_id in ("b1", "b2"):
            before = reads()
            publish(data_root, {}, LAST, build_id)
            assert waited_for_reads(before)
    finally:
        stop.set()
        worker.join(timeout=60)
    assert not worker.is_alive()
