"""A real Chromium against the real app. ``open_page`` collects what went wrong; the end-to-end tests use it too."""

from __future__ import annotations

import csv
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from include.settings import PROJECT_ROOT

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

#: A page is drawn by server and browser: up to 8 s with two cores and busy neighbours.
PATIENCE_MS = 20_000

#: What libraries print by themselves, each with the reason why it may stay.
ALLOWED_CONSOLE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("custom wheel sensitivity"), "dash-cytoscape always sets it, to what Cytoscape has by default"),
)


@dataclass
class Watched:
    """A page and what happened on it that should not have."""

    page: Page
    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Listen from now on."""
        self.page.on("request", self._on_request)
        self.page.on("requestfailed", self._on_failed)
        self.page.on(
            "response",
            lambda answer: self.failed.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
        )
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def assert_clean(self) -> None:
        """Nothing left the machine, nothing failed, nothing was printed, nothing was thrown."""
        assert self.outside == [], "requests that left the machine"
        assert self.failed == [], "requests that failed"
        assert self.errors == [], "errors thrown in the page"
        assert self.console == [], "console messages that ALLOWED_CONSOLE does not name"

    def assert_no_sideways_scroll(self, within_ms: int = 0) -> None:
        """The page is not wider than its window; ``within_ms``: charts may take so long to follow a new width."""
        give_up = time.monotonic() + within_ms / 1000
        while True:
            wide, window = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            if wide <= window or time.monotonic() >= give_up:
                break
            self.page.wait_for_timeout(100)
        assert wide <= window, f"the page is {wide} px wide in a window of {window} px"

    def settled(self) -> Watched:
        """Wait until the page has its body and no request has been under way for a moment."""
        self.page.wait_for_selector(".page-body > *, .page > .state, main.page")
        self.page.wait_for_load_state("networkidle")
        return self

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in ("127.0.0.1", "localhost"):
            self.outside.append(request.url)

    def _on_failed(self, request: Request) -> None:
        # A page that is left aborts what it still asked for.
        if request.failure != "net::ERR_ABORTED":
            self.failed.append(f"{request.failure} {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if not any(pattern.search(message.text) for pattern, _reason in ALLOWED_CONSOLE):
            self.console.append(f"{message.type}: {message.text}")


OpenPage = Callable[..., Watched]


def opened_table(watched: Watched, figure_id: str) -> list[list[str]]:
    """Open "Show as table" of a figure and read its rows, as a reader sees them."""
    twin = watched.page.locator(f"#{figure_id}-table")
    twin.locator("summary").click()
    expect(twin.locator("tbody")).to_be_visible()
    rows: list[list[str]] = twin.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
    )
    return rows


def bars(watched: Watched, list_id: str) -> list[tuple[str, str]]:
    """Name and number of each line of a list of bars."""
    lines = watched.page.locator(f"#{list_id} > li")
    names, numbers = (lines.locator(part).all_inner_texts() for part in (".bar-name", ".bar-number"))
    return [*zip(names, numbers, strict=True)]


def downloaded(watched: Watched, figure_id: str) -> list[dict[str, str]]:
    """Click "CSV" of a figure and read the rows of the file that arrives."""
    with watched.page.expect_download() as started:
        watched.page.click(f"#{figure_id}-csv")
    with Path(started.value.path()).open(newline="", encoding="utf-8") as file:
        return [*csv.DictReader(file)]


def chromium_path() -> str:
    """The browser: ``CARTON_CHROMIUM``, else Debian's."""
    path = os.environ.get("CARTON_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail(
            "There is no Chromium, and the pages must be seen in a real browser. Install Debian's package `chromium`, "
            "or set CARTON_CHROMIUM to the program."
        )
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a module.

    Not for the whole run: Playwright keeps an event loop running in this thread, and Dash's test client refuses that.
    """
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path(), args=[*CHROMIUM_FLAGS])
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """``open_page(url, width=1366, theme="light")`` opens it in a context of its own and waits till it is drawn."""
    contexts: list[BrowserContext] = []

    def open_(url: str, width: int = 1366, theme: str = "light") -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 844},
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=width <= 600,
        )
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.watch()
        watched.page.goto(url)
        return watched.settled()

    yield open_
    for context in contexts:
        context.close()


@contextmanager
def served(data_root: Path, *options: str) -> Iterator[str]:
    """The app run by gunicorn on a free port over ``data_root``; gives its address.

    ``options`` of gunicorn: by default one worker that draws nothing ahead.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data_root / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "dash_app.app:server", "--bind", f"127.0.0.1:{port}"]
    options = options or ("--threads", "4", "--no-control-socket")
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, *options],
            cwd=PROJECT_ROOT,
            env=os.environ | {"CARTON_DATA_DIR": str(data_root)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_answering(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_answering(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180  # a busy machine
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
            return
        except urllib.error.HTTPError:
            return  # 503 is an answer: up, and nothing published
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The app did not start:\n{log.read_text()}")
