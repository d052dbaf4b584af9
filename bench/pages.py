"""People who look at the pages: ``python -m bench pages``.

A world is simulated, loaded, built and published; gunicorn serves it as ``make run`` does. Then so many people ask,
each a question of a random view and random filters, with a pause of 3 to 8 seconds between two. A question is the
callback that fills a view's body, which is nearly all that the server does for a page. Times are those of the answers,
on loopback. "First asked" is what nobody has asked before; "in every cache" what was asked twice as often as there are
workers, each of which has a cache of its own; what lies between is in neither line.
"""

from __future__ import annotations

import gzip
import json
import random
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil
from playwright.sync_api import sync_playwright

from bench.increment import seconds_of_last_build
from bench.measure import measured
from bench.steps import NAMES
from bench.table import Table
from dash_app import ids, serving
from dash_app.filters import PRESETS, USER_TYPES
from dash_app.views import VIEWS
from include.build import manifest_file
from include.settings import Paths
from include.warehouse import connect
from tests.support.browser import CHROMIUM_FLAGS, chromium_path, served

PEOPLE = 20
PAUSE_SECONDS = (3.0, 8.0)
AS_INSTALLED = ("--config", "python:dash_app.serving")
WORKERS = serving.workers
COLD_PAGES = 3
DEAREST = 8
#: Workers draw every view once when they start; people look at a server that has been up for a while.
WARMING_SECONDS = 20.0
#: A chart that is still to come.
TO_COME = ".dash-graph:not(:has(.main-svg))"
#: Looks at every change of the page, and keeps when a frame was drawn that had a number, a figure (its chart, its bars,
#: its graph or its table), and all charts. In the page: a browser that evaluates the chart library, which takes it a
#: second, answers nobody who asks from outside.
WATCH = (
    f"const toCome = '{TO_COME}';"
    + """
const cold = (window.cold = {});
const shown = (...selectors) => selectors.some((one) => document.querySelector(one)?.checkVisibility());
const isThere = {
  "first number": () => shown(".kpi-value"),
  "first figure": () => shown(...[".main-svg", ".bar-list", "canvas", "table"].map((one) => `.figure-card ${one}`)),
  "every chart": () => shown(".kpi-value") && !document.querySelector(toCome),
};
const drawn = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
new MutationObserver(() => {
  for (const [what, holds] of Object.entries(isThere)) {
    if (!(what in cold) && holds()) {
      cold[what] = null;
      drawn(() => (cold[what] = performance.now() / 1000));
    }
  }
}).observe(document, { childList: true, subtree: true });
"""
)
STATES = ("", "CA", "TX", "NY")
MIB = 1024 * 1024


@dataclass
class Asked:
    """What was answered, and how fast."""

    first: list[float] = field(default_factory=list)
    cached: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    times: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, question: str, seconds: float) -> None:
        """One answer."""
        with self.lock:
            before = self.times[question]
            self.times[question] += 1
            if before == 0:
                self.first.append(seconds)
            elif before >= 2 * WORKERS:
                self.cached.append(seconds)


def bench_pages(users: int, days: int, minutes: float, folder: Path) -> Iterator[Table]:
    """Two tables: what it takes to bring a world of that size to its pages, and how these are answered."""
    with tempfile.TemporaryDirectory(prefix="carton-bench-", dir=folder) as made:
        root = Path(made)
        yield _volume(users, days, root)
        yield answered(root, users, days, minutes)


def answered(root: Path, users: int, days: int, minutes: float) -> Table:
    """How the pages of what is published below ``root``, a world of that size, are answered."""
    pages = Table(
        f"pages-{users}", f"Pages of {users:,} users and {days} days, {PEOPLE} people for {minutes:g} minutes",
        ("what", "answers", "median", "95 %"),
    ).begin()  # fmt: skip
    with served(root, *AS_INSTALLED) as address:
        asked = Asked()
        bodies = _bodies(address)
        time.sleep(WARMING_SECONDS)
        ends = time.monotonic() + 60 * minutes
        people = [
            threading.Thread(target=_person, args=(address, bodies, asked, ends, number)) for number in range(PEOPLE)
        ]
        for person in people:
            person.start()
        time.sleep(min(60.0, 30 * minutes))
        early = _memory()
        for person in people:
            person.join()
        _tell(asked, early, _memory(), pages)
        _cold_pages(address, pages)
    pages.note(
        "Figures to reach: 95 % of callbacks within 150 ms when cached and 1 s when not; the first figure on a"
        " cold page within 2.5 s. A question is the callback that fills a view's body. People begin"
        f" {WARMING_SECONDS:g} s after the server, each within {PAUSE_SECONDS[1]:g} s."
    )
    return pages


def _volume(users: int, days: int, root: Path) -> Table:
    """From nothing to published, and one more day."""
    table = Table(
        f"pages-volume-{users}", f"{users:,} users and {days} days, from nothing to published, and one more day",
        ("step", "rows", "wall s", "CPU s", "peak MiB"),
    ).begin()  # fmt: skip
    paths = Paths(root)
    for step in ("generate", "load", "build", "generate_next_day", "load_next_day", "build_next_day"):
        took = measured(step, root, users, days, "parquet")
        rows = f"{took['rows']:,}" if took["rows"] else ""
        table.add(NAMES[step], rows, f"{took['wall']:,.1f}", f"{took['cpu']:,.1f}", f"{took['peak_mib']:,.0f}")
        if step.startswith("build"):
            table.add("of it the analytics in Python", "", f"{_analytics_seconds(paths):,.1f}", "", "")
    with connect(paths, read_only=True) as con:
        events = con.execute("select count(*) from silver.stg_events").fetchall()[0][0]
    table.note(
        f"{events:,} events. Figures to reach at 25 million: a full refresh under 5 minutes, the pipeline's processes"
        " within 4 GiB, the analytics of a day within 60 s."
    )
    dearest = sorted(seconds_of_last_build(paths).items(), key=lambda node: -node[1])[:DEAREST]
    table.note("Of one more day most went into " + ", ".join(f"{name} {took:.1f} s" for name, took in dearest) + ".")
    return table


def _analytics_seconds(paths: Paths) -> float:
    """Seconds of the dbt models written in Python, of the build that ran last."""
    nodes = json.loads(manifest_file(paths).read_text(encoding="utf-8"))["nodes"]
    took = seconds_of_last_build(paths)
    return sum(took.get(name, 0.0) for name, node in nodes.items() if node.get("language") == "python")


def _person(address: str, bodies: list[dict[str, Any]], asked: Asked, ends: float, number: int) -> None:
    chance = random.Random(number)  # noqa: S311 - no secret
    time.sleep(chance.uniform(0, PAUSE_SECONDS[1]))  # nobody begins with everybody
    while time.monotonic() < ends:
        body, params = chance.choice(bodies), _params(chance)
        question = f"{body['output']} {params}"
        began = time.monotonic()
        try:
            _ask(address, body, params)
            asked.note(question, time.monotonic() - began)
        except OSError as error:
            asked.errors.append(f"{question}: {error}")
        time.sleep(chance.uniform(*PAUSE_SECONDS))


def _params(chance: random.Random) -> dict[str, str]:
    """Filters as people choose them: mostly the period alone."""
    params = {"period": chance.choice([*PRESETS])}
    if chance.random() < 0.3:
        params["user_type"] = chance.choice(USER_TYPES)
    if state := chance.choice(STATES) if chance.random() < 0.3 else "":
        params["state"] = state
    return params


def _bodies(address: str) -> list[dict[str, Any]]:
    """The callbacks that fill the bodies of the views."""
    with urllib.request.urlopen(f"{address}/_dash-dependencies", timeout=60) as answer:  # noqa: S310 - loopback
        known = json.load(answer)
    bodies = [one for one in known if one["output"].endswith("-body.children")]
    if len(bodies) != len(VIEWS):
        raise SystemExit(f"There are {len(bodies)} bodies and {len(VIEWS)} views: the benchmark does not know the app.")
    return bodies


def _ask(address: str, body: dict[str, Any], params: dict[str, str]) -> None:
    values: dict[str, Any] = {ids.FILTERS: params, ids.THEME: "light"}
    component, prop = body["output"].rsplit(".", 1)
    asked = {
        "output": body["output"],
        "outputs": {"id": component, "property": prop},
        "inputs": [one | {"value": values.get(one["id"], {})} for one in body["inputs"]],
        "state": [one | {"value": {}} for one in body["state"]],
        "changedPropIds": [f"{ids.FILTERS}.data"],
    }
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{address}/_dash-update-component",
        json.dumps(asked).encode(),
        {"Content-Type": "application/json", "Accept-Encoding": "gzip"},  # as a browser: compressing takes time too
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        if b'"response"' not in gzip.decompress(answer.read()):
            raise OSError("no response in the answer")


def _memory() -> list[float]:
    """MiB of each worker of the web app, the only program that runs below this one."""
    return [worker.memory_info().rss / MIB for app in psutil.Process().children() for worker in app.children()]


def _cold_pages(address: str, table: Table) -> None:
    """Seconds until a number, a figure and all figures of a view are there, in a browser that has nothing yet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*CHROMIUM_FLAGS])
        for view in VIEWS.values():
            seconds: dict[str, list[float]] = {}
            for _ in range(COLD_PAGES):
                context = browser.new_context(viewport={"width": 1366, "height": 900})
                page = context.new_page()
                page.add_init_script(WATCH)
                page.goto(address + view.path)
                page.wait_for_selector(".kpi-value", timeout=120_000)
                page.wait_for_selector(TO_COME, state="detached", timeout=120_000)
                page.wait_for_timeout(500)  # the frame after
                for what, took in page.evaluate("window.cold").items():
                    seconds.setdefault(what, []).append(took)
                context.close()
            for what in sorted(seconds, reverse=True):
                table.add(f"cold {view.title}, {what}, s", str(COLD_PAGES), f"{median(seconds[what]):.1f}", "")
        browser.close()


def _tell(asked: Asked, early: list[float], late: list[float], table: Table) -> None:
    for name, seconds in (("first asked, ms", asked.first), ("in every cache, ms", asked.cached)):
        if len(seconds) < 2:
            table.add(name, str(len(seconds)), "", "")
            continue
        p95 = quantiles(seconds, n=20)[-1]
        table.add(name, f"{len(seconds):,}", f"{1000 * median(seconds):,.0f}", f"{1000 * p95:,.0f}")
    answers = sum(asked.times.values())
    table.add("asked before by somebody", f"{answers - len(asked.times):,} of {answers:,}", "", "")
    table.add("errors", f"{len(asked.errors):,}", "", "")
    if asked.errors:
        table.note(f"Errors: {'; '.join(asked.errors[:3])}")
    for name, used in (("a minute in", early), ("at the end", late)):
        table.add(f"MiB of each worker, {name}", " + ".join(f"{mib:,.0f}" for mib in used), "", "")
