"""The scenario lab in a real browser: a slider moved by the keyboard, kept in the link, beside the base."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.dash_app.snapshots import forecast_of, future, publish
from tests.support.browser import PATIENCE_MS, OpenPage, Watched, served

pytestmark = pytest.mark.slow

LAST = date(2026, 3, 31)


@pytest.fixture(autouse=True, scope="module")
def patience() -> Iterator[None]:
    """A lever waits for debounce, server and three charts: up to 8 s with two cores and five busy neighbours."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("lab")
    futures = [future(n, days, new_usd=n * days) for days in (30, 60, 90) for n in (1, 2, 3, 6)]
    publish(root, forecast_of(futures, LAST), LAST)
    with served(root) as url:
        yield f"{url}/finance-forecast"


def row(watched: Watched, number: int) -> list[str]:
    """What, horizon, base, scenario, difference, percent of one row of the result."""
    return watched.page.locator("#finance-lab-area table").first.locator("tbody tr").nth(number).locator(
        "td"
    ).all_text_contents()  # fmt: skip


def press(watched: Watched, slider: str, *keys: str) -> None:
    """Press keys while the slider has the focus."""
    control = watched.page.locator(slider)
    control.focus()
    for key in keys:
        control.press(key)


@pytest.mark.parametrize("width", [1366, 390])
def test_a_slider_moved_by_the_keyboard_is_kept_in_the_link_and_back_leads_to_the_base(
    app_url: str, open_page: OpenPage, width: int
) -> None:
    watched = open_page(f"{app_url}?period=7d", width=width)
    headline = watched.page.locator("#finance-lab-headline")
    expect(headline).to_contain_text("The base: $840.00 awarded within 90 days")
    base = row(watched, 2)
    assert base[:4] == ["Awarded", "90 days", "$840.00", "$840.00"]
    press(watched, "#finance-lab-conversion", "ArrowRight", "ArrowRight")
    expect(headline).to_contain_text("Within 90 days $894.00 are awarded instead of $840.00 (+$54.00, +6.4%)")
    assert watched.page.url == f"{app_url}?period=7d&conversion=10"
    assert row(watched, 2) == ["Awarded", "90 days", "$840.00", "$894.00", "+$54.00", "+6.4%"]
    expect(watched.page.locator("#finance-lab-conversion-text")).to_have_text("+10 %")
    expect(watched.page.locator("#finance-lab-assumes")).to_contain_text("convert 10 % more often than forecast")

    again = open_page(watched.page.url, width=width)
    expect(again.page.locator("#finance-lab-headline")).to_have_text(headline.inner_text())
    assert again.page.input_value("#finance-lab-conversion") == "10"
    again.assert_no_sideways_scroll()
    again.assert_clean()

    watched.page.click("#finance-lab-back")
    expect(headline).to_contain_text("The base:")
    assert row(watched, 2) == base
    assert watched.page.input_value("#finance-lab-conversion") == "0"
    assert watched.page.url == f"{app_url}?period=7d"
    watched.assert_no_sideways_scroll()
    watched.assert_clean()


def test_levers_work_together_and_a_rule_is_chosen_from_those_that_the_build_has(
    app_url: str, open_page: OpenPage
) -> None:
    watched = open_page(app_url)
    press(watched, "#finance-lab-friend-bonus", "End")
    expect(watched.page.locator("#finance-lab-friend-bonus-text")).to_have_text("$15.00")
    expect(watched.page.locator("#finance-lab-assumes li")).to_have_count(1)
    watched.page.select_option("#finance-lab-window", "72")
    expect(watched.page.locator("#finance-lab-assumes")).to_contain_text("within 72 hours")
    assert watched.page.url.endswith("?friend_bonus=15&window=72")
    watched.page.select_option("#finance-lab-window", "48")
    expect(watched.page.locator("#finance-lab-assumes li")).to_have_count(1)
    assert watched.page.url.endswith("?friend_bonus=15"), "the rule in force is no change"
    watched.assert_clean()


def test_a_budget_typed_in_is_held_against_the_futures_and_kept_in_the_link(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url)
    watched.page.fill("#finance-lab-budget", "800")
    said = "In 50 of 100 futures the awards of 90 days cost more than $800.00; in the base in 50."
    expect(watched.page.locator("#finance-lab-assumes")).to_contain_text(said)
    assert watched.page.url.endswith("?budget=800")
    again = open_page(watched.page.url)
    expect(again.page.locator("#finance-lab-budget")).to_have_value("800")
    watched.page.click("#finance-lab-back")
    expect(watched.page.locator("#finance-lab-assumes")).to_have_count(0)
    assert watched.page.input_value("#finance-lab-budget") == ""
    watched.assert_clean()


def test_a_change_of_the_period_leaves_the_scenario_as_it_is(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(f"{app_url}?redemption=50")
    watched.page.click("label:has-text('7 days')")
    expect(watched.page.locator("#filter-from")).to_have_value("2026-03-25")
    watched.settled()
    assert watched.page.input_value("#finance-lab-redemption") == "50"
    assert row(watched, 3)[3:] == ["$60.00", "+$20.00", "+50.0%"]
    assert watched.page.url.endswith("?redemption=50&period=7d")
    watched.assert_clean()


def test_odd_values_in_the_link_are_answered_and_the_base_is_shown(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(f"{app_url}?conversion=%3Cb%3E1e99&window=96")
    area = watched.page.locator("#finance-lab-area")
    expect(area.locator(".notice")).to_contain_text("“<b>1e99” is not a value of “conversion”")
    expect(area.locator(".notice")).to_contain_text("No option with 96 h")
    expect(watched.page.locator("#finance-lab-headline")).to_contain_text("The base:")
    watched.assert_clean()
