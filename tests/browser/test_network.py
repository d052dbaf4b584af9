"""The graphs of the network view in a real browser: drawn, opened by a click, kept in the link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.dash_app.snapshots import flow, publish, school, school_place, school_score, together, tree_of
from tests.dash_app.test_network_view import LAST
from tests.support.browser import OpenPage, Watched, served

pytestmark = pytest.mark.slow

SCHOOLS = {
    "dim_school": [school(10, "Oak", "CA"), school(11, "Elm", "ME"), school(12, "Ash", "ME")],
    "fct_school_position": [school_place(10, 0, 0), school_place(11, 1, 0), school_place(12, 0, 1)],
    "fct_school_scorecard": [school_score(number, 50, 40, 20, None) for number in (10, 11, 12)],
    "fct_school_flow": [flow(10, 11, 4), flow(10, 12, 1)],
}


def publish_network(root: Path) -> None:
    """A tree of four people, and schools between which referrals flow."""
    publish(root, together(tree_of({1: None, 2: 1, 3: 1, 4: 2}), SCHOOLS), LAST)


@pytest.fixture(scope="module")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("network")
    publish_network(root)
    with served(root) as url:
        yield f"{url}/network-effects"


def click_node(watched: Watched, node_id: str) -> None:
    """Click where the canvas draws the node."""
    canvas = watched.page.locator("#network-canvas")
    canvas.scroll_into_view_if_needed()
    at = canvas.evaluate(
        "(box, id) => { const {x, y} = box._cyreg.cy.getElementById(id).renderedPosition(); return {x, y}; }", node_id
    )
    canvas.click(position=at)


def drawn(watched: Watched) -> list[str]:
    """The users or schools in the list, which is of what is drawn."""
    return watched.page.locator("#network-canvas-table tbody tr td:first-child").all_text_contents()


def test_a_click_opens_a_user_and_the_link_shows_the_same_again(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(f"{app_url}?period=7d")
    assert drawn(watched) == ["1", "2", "3"]
    click_node(watched, "2")
    expect(watched.page.locator("#network-canvas-table tbody tr")).to_have_count(4)
    expect(watched.page.locator("#network-facts")).to_contain_text("User 2")
    assert watched.page.url.endswith("?period=7d&open=2")
    watched.page.select_option("#network-tree-colour", "trust")
    expect(watched.page.locator(".legend")).to_contain_text("no review case")
    again = open_page(watched.page.url)
    assert drawn(again) == ["1", "2", "3", "4"]
    assert again.page.input_value("#network-tree-colour") == "trust"
    click_node(again, "2")
    expect(again.page.locator("#network-canvas-table tbody tr")).to_have_count(3)
    watched.assert_clean()
    again.assert_clean()


def test_a_user_is_found_with_the_way_to_the_root_and_a_wrong_id_is_answered(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url)
    watched.page.fill("#network-user", "4")
    expect(watched.page.locator("#network-area")).to_contain_text("From the root: 1 → 2 → 4")
    assert watched.page.url.endswith("?user=4")
    watched.page.fill("#network-user", "99")
    expect(watched.page.locator("#network-area")).to_contain_text("There is no user 99")
    watched.page.click("#network-start-again")
    expect(watched.page.locator("#network-canvas-table tbody tr")).to_have_count(3)
    assert watched.page.input_value("#network-user") == ""
    watched.assert_clean()


def test_schools_are_the_other_graph_and_a_click_leaves_one_with_its_partners(
    app_url: str, open_page: OpenPage
) -> None:
    watched = open_page(app_url, width=390)
    watched.page.click("label:has-text('Schools')")
    expect(watched.page.locator("#network-area")).to_contain_text("3 of 3 schools")
    assert watched.page.locator("#network-user").is_hidden()
    click_node(watched, "11")
    expect(watched.page.locator("#network-area")).to_contain_text("Elm and its 1 partner.")
    assert "school=11" in watched.page.url
    watched.assert_no_sideways_scroll()
    watched.assert_clean()


def test_a_link_in_a_table_leads_on_without_loading_the_page_anew(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url)
    watched.page.evaluate("window.isTheSamePage = true")
    watched.page.click("#network-canvas-table summary")
    watched.page.click("#network-canvas-table tbody a:text-is('2')")
    watched.page.wait_for_url("**user=2*")
    expect(watched.page.locator("#network-user")).to_have_value("2")
    assert watched.page.evaluate("window.isTheSamePage")
    watched.assert_clean()
