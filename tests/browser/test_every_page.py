"""Every page with its figures filled: nothing fails, all fits, and axe finds nothing serious by WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from dash_app.views import VIEWS
from tests.browser.test_network import publish_network
from tests.dash_app.test_annotations import publish_figures_over_time
from tests.dash_app.test_trust_view import publish_cases
from tests.support.browser import PATIENCE_MS, OpenPage, Watched, served

pytestmark = pytest.mark.slow

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Rule of axe -> why what it finds may stay. Empty, and meant to stay so.
ACCEPTED: dict[str, str] = {}
PUBLISHERS = {"trust": publish_cases, "network": publish_network}
PATHS = {name: view.path for name, view in VIEWS.items()} | {
    "rows": "/rows/executive-raised?period=90d",
    "document": "/documents/health-runbook",
}


def serious(watched: Watched) -> list[str]:
    """One line per rule that is broken in a serious or critical way: rule, how often, the first place."""
    options = {"runOnly": {"type": "tag", "values": WCAG_22_AA}, "resultTypes": ["violations"]}
    return [
        f"{found['id']} x {len(found['nodes'])}: {found['nodes'][0]['html'][:200]}"
        for found in Axe().run(watched.page, options=options).response["violations"]
        if found["impact"] in ("serious", "critical") and found["id"] not in ACCEPTED
    ]


@pytest.fixture(scope="module")
def page_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The address of a page with its figures filled; one server for each of the worlds that it takes."""
    with ExitStack() as running:

        @cache
        def server_of(publish: Callable[[Path], None]) -> str:
            root = tmp_path_factory.mktemp("axe")
            publish(root)
            return running.enter_context(served(root))

        yield lambda name: server_of(PUBLISHERS.get(name, publish_figures_over_time)) + PATHS[name]


# Opened on a screen and turned to a phone, and the other way round: a load costs most of the time.
@pytest.mark.parametrize(("theme", "width", "other_width"), [("light", 1366, 390), ("dark", 390, 1366)])
@pytest.mark.parametrize("name", PATHS)
def test_a_page_is_clean_fits_and_axe_finds_nothing_serious(
    page_url: Callable[[str], str], open_page: OpenPage, name: str, theme: str, width: int, other_width: int
) -> None:
    watched = open_page(page_url(name), width=width, theme=theme)
    watched.assert_no_sideways_scroll()
    assert watched.page.get_attribute("html", "data-bs-theme") == theme
    if name in VIEWS:
        assert watched.page.inner_text("h1") == VIEWS[name].title
        assert watched.page.inner_text(".nav-link.active") in (VIEWS[name].title, VIEWS[name].short)
    assert serious(watched) == []
    watched.page.set_viewport_size({"width": other_width, "height": 900})
    watched.page.wait_for_timeout(300)  # charts draw themselves anew, on a busy machine later
    watched.assert_no_sideways_scroll(within_ms=PATIENCE_MS)
    watched.assert_clean()


def test_axe_would_find_a_picture_without_words(page_url: Callable[[str], str], open_page: OpenPage) -> None:
    watched = open_page(page_url("document"))
    watched.page.eval_on_selector("h1", "h1 => h1.append(new Image())")
    assert [line.partition(" ")[0] for line in serious(watched)] == ["image-alt"]
