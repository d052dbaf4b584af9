"""The trust view in a real browser: a case opened, a person clicked, a decision taken and pending."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.dash_app.test_trust_view import publish_cases
from tests.support.browser import OpenPage, Watched, served

pytestmark = pytest.mark.slow

#: A case is drawn anew with its graph and its tables: on a busy machine that takes its time.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("trust")
    publish_cases(root)
    return root


@pytest.fixture(scope="module")
def app_url(published: Path) -> Iterator[str]:
    with served(published) as url:
        yield f"{url}/trust-safety"


@pytest.fixture
def root(published: Path) -> Iterator[Path]:
    """The data root; decisions taken in a test go with it."""
    yield published
    shutil.rmtree(published / "landing", ignore_errors=True)


def click_person(watched: Watched, canvas_id: str, user: int) -> None:
    """Click with the mouse where the canvas draws the person."""
    canvas = watched.page.locator(f"#{canvas_id}")
    canvas.scroll_into_view_if_needed()
    at = canvas.evaluate(
        "(box, id) => { const {x, y} = box._cyreg.cy.getElementById(id).renderedPosition(); return {x, y}; }", str(user)
    )
    box = canvas.bounding_box()
    assert box is not None
    watched.page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])


def decide(watched: Watched, verdict: str, reason: str) -> None:
    watched.page.click(f".decision-form label:has-text('{verdict}')")
    watched.page.fill("#trust-reason", reason)
    watched.page.click("#trust-decide")


def test_a_case_is_opened_from_the_queue_and_the_link_shows_it_again(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(f"{app_url}?period=7d")
    expect(watched.page.locator("#trust-case h2")).to_contain_text("Case group-1: $12.00 at risk")
    watched.page.click(".queue-item:has-text('group-3')")
    expect(watched.page.locator("#trust-case h2")).to_contain_text("Case group-3")
    expect(watched.page.locator(".queue-item.chosen")).to_contain_text("group-3")
    watched.page.click("button:text-is('Next')")
    expect(watched.page.locator("#trust-queue")).to_contain_text("9 to 13 of 13 cases")
    expect(watched.page.locator("#trust-case h2")).to_contain_text("Case group-3")
    assert watched.page.url.endswith("?period=7d&case=group-3&page=2")
    watched.page.reload()
    watched.settled()
    expect(watched.page.locator("#trust-case h2")).to_contain_text("Case group-3")
    expect(watched.page.locator("#trust-queue")).to_contain_text("9 to 13 of 13 cases")
    watched.page.select_option("#trust-status", "cleared")
    expect(watched.page.locator("#trust-queue")).to_contain_text("1 to 1 of 1 case")
    assert watched.page.url.endswith("?period=7d&case=group-3&status=cleared")
    watched.assert_clean()


def test_without_a_case_in_the_link_the_first_of_the_chosen_queue_is_open(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url)
    watched.page.select_option("#trust-status", "cleared")
    expect(watched.page.locator("#trust-case h2")).to_contain_text("Case group-20")
    expect(watched.page.locator(".queue-item.chosen")).to_contain_text("group-20")
    watched.page.select_option("#trust-kind", "payment_error")
    expect(watched.page.locator("#trust-case")).to_contain_text("Choose a case in the queue.")
    watched.page.select_option("#trust-status", "open")
    expect(watched.page.locator("#trust-case h2")).to_contain_text("Case group-21")
    watched.assert_clean()


@pytest.mark.parametrize(
    ("canvas", "facts"), [("trust-canvas", "trust-facts"), ("trust-clusters-canvas", "trust-clusters-facts")]
)
def test_a_mouse_click_on_a_person_tells_what_is_known(
    app_url: str, open_page: OpenPage, canvas: str, facts: str
) -> None:
    watched = open_page(f"{app_url}?case=group-1")
    click_person(watched, canvas, 3)
    said = "User 3: parent" if canvas == "trust-canvas" else "User 3 is one of 2 accounts of cluster 2"
    expect(watched.page.locator(f"#{facts}")).to_contain_text(said)
    click_person(watched, canvas, 2)
    expect(watched.page.locator(f"#{facts}")).to_contain_text("User 2")
    watched.assert_clean()


@pytest.mark.parametrize(("width", "theme"), [(1366, "light"), (390, "dark")])
def test_a_decision_is_pending_at_once_and_after_a_reload(
    app_url: str, open_page: OpenPage, root: Path, width: int, theme: str
) -> None:
    watched = open_page(f"{app_url}?case=group-2", width=width, theme=theme)
    watched.page.fill("#trust-reviewer", "Ann")
    decide(watched, "Confirmed", "three phones,\none person")
    expect(watched.page.locator("#trust-message")).to_contain_text("Recorded: group-2 confirmed")
    expect(watched.page.locator("#trust-case .badge-pending")).to_have_text("confirmed, pending until the next run")
    expect(watched.page.locator(".queue-item:has-text('group-2') .badge-pending")).to_have_count(1)
    expect(watched.page.locator("#kpi-open")).to_contain_text("1 decision pending")
    assert watched.page.input_value("#trust-reason") == "", "the next one starts empty"
    assert watched.page.input_value("#trust-reviewer") == "Ann", "the name stays"
    watched.page.reload()
    watched.settled()
    expect(watched.page.locator("#trust-case .badge-pending")).to_have_text("confirmed, pending until the next run")
    assert watched.page.url.endswith("?case=group-2")
    assert watched.page.input_value("#trust-reviewer") == "Ann"
    decide(watched, "Held", "wait for April")
    expect(watched.page.locator("#trust-case .badge-pending")).to_have_text("held, pending until the next run")
    assert len([*(root / "landing" / "review_decisions").rglob("*.csv")]) == 2
    watched.assert_no_sideways_scroll()
    watched.assert_clean()


def test_what_was_typed_stays_when_it_cannot_be_recorded_and_when_the_queue_turns(
    app_url: str, open_page: OpenPage, root: Path
) -> None:
    (root / "landing").write_text("in the way")
    watched = open_page(app_url)
    watched.page.click("#trust-decide")
    expect(watched.page.locator("#trust-message")).to_contain_text("Choose a decision")
    watched.page.fill("#trust-reviewer", "Ann")
    decide(watched, "Cleared", "a family")
    expect(watched.page.locator("#trust-message")).to_contain_text("The decision could not be written")
    watched.page.click("button:text-is('Next')")
    expect(watched.page.locator("#trust-queue")).to_contain_text("9 to 13 of 13 cases")
    assert watched.page.input_value("#trust-reason") == "a family"
    watched.page.click(".queue-item:has-text('group-10')")
    expect(watched.page.locator("#trust-case h2")).to_contain_text("Case group-10")
    assert watched.page.input_value("#trust-reason") == "", "another case, another reason"
    watched.page.click("button:text-is('Previous')")
    # the second page holds a group-10 too: wait for the first
    expect(watched.page.locator("#trust-queue")).to_contain_text("1 to 8 of 13 cases")
    watched.page.locator(".queue-item", has_text=re.compile(r"group-1\b")).first.click()
    expect(watched.page.locator("#trust-case h2")).to_contain_text("Case group-1:")
    expect(watched.page.locator("#trust-reason")).to_have_value("a family")
    expect(watched.page.locator("input[value=cleared]")).to_be_checked()
    (root / "landing").unlink()
    watched.page.click("#trust-decide")
    expect(watched.page.locator("#trust-message")).to_contain_text("Recorded: group-1 cleared")
    watched.assert_clean()


def test_a_link_with_junk_says_what_it_left_out(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(f"{app_url}?case=%3Cscript%3E&status=guilty&page=x", width=390)
    notice = watched.page.inner_text(".notice")
    assert "“<script>” is not the id of a case" in notice
    assert "“guilty” is not a value of “status”" in notice
    expect(watched.page.locator("#trust-case h2")).to_contain_text("Case group-1:")
    watched.assert_no_sideways_scroll()
    watched.assert_clean()
