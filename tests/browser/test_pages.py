"""Every view in a real browser: nothing leaves the machine, nothing fails, nothing is wider than its window."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dash_app.shell import TICK_MS
from include.settings import Paths
from tests.dash_app.snapshots import active_day, link_to, publish, purchase, referral, school, user
from tests.support.browser import PATIENCE_MS, OpenPage, Watched, downloaded, served

pytestmark = pytest.mark.slow

LAST = date(2026, 3, 31)
DAYS = [LAST - timedelta(days=back) for back in range(60)]


def publish_days(root: Path, build_id: str = "b1", last: date = LAST) -> Path:
    """Sixty days on which user 1 raises $1 for Oak in California and user 2, every other day, $2 for Elm in Maine."""
    return publish(
        root,
        {
            "dim_school": [school(10, "Oak", "CA"), school(11, "Elm", "ME")],
            "dim_user": [user(1, DAYS[-1], 10), user(2, DAYS[10], 11, "teacher")],
            "fct_purchase": [
                *(purchase(f"a{n}", 1, 10, day, "1.00") for n, day in enumerate(DAYS)),
                *(purchase(f"b{n}", 2, 11, day, "2.00") for n, day in enumerate(DAYS) if n % 2 == 0),
            ],
            "fct_user_day": [active_day(who, day, contributing=True) for day in DAYS for who in (1, 2)],
            "fct_referral": [referral(n, day) for n, day in enumerate(DAYS)],
        },
        last,
        build_id,
    )


@pytest.fixture(scope="module")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("served")
    publish_days(root)
    with served(root) as url:
        yield url


def raised(watched: Watched) -> str:
    return watched.page.inner_text("#kpi-raised-value")


def test_the_executive_view_shows_the_number_of_the_snapshot_and_draws_the_map(
    app_url: str, open_page: OpenPage
) -> None:
    watched = open_page(app_url)
    assert raised(watched) == "$56.00", "28 days of $1 and 14 of $2"
    assert watched.page.inner_text("#kpi-supporters-value") == "2"
    expect(watched.page.locator("#executive-states .choroplethlayer path")).to_have_count(2)
    assert watched.page.locator("#executive-states .subunits path").count() > 0, "the other states' outlines"
    assert watched.page.locator("text=Share chart").count() == 0


def test_filters_live_in_the_link_and_a_link_shows_the_same_again(app_url: str, open_page: OpenPage) -> None:
    first = open_page(app_url)
    first.page.click("label:has-text('7 days')")
    first.page.select_option("#filter-state", "ME")
    expect(first.page.locator("#kpi-raised-value")).to_have_text("$8.00")
    assert first.page.url.endswith("/?period=7d&state=ME")
    assert first.page.input_value("#filter-from") == "2026-03-25"
    again = open_page(first.page.url)
    assert raised(again) == "$8.00"
    assert again.page.input_value("#filter-state") == "ME"
    again.page.select_option("#filter-channel", "organic")
    again.page.select_option("#filter-fraud", "out")
    expect(again.page.locator(".headline")).to_contain_text("people who came by organic only, without confirmed fraud")
    assert again.page.url.endswith("/?period=7d&state=ME&channel=organic&fraud=out")
    first.assert_clean()
    again.assert_clean()


@pytest.mark.parametrize("width", [1366, 390])
def test_a_click_on_rows_leads_to_what_adds_up_to_the_number_and_back(
    app_url: str, open_page: OpenPage, width: int
) -> None:
    watched = open_page(f"{app_url}/?period=7d&state=ME", width=width)
    watched.page.click("#kpi-raised-rows")
    summary = watched.page.locator("#rows-summary")
    expect(summary).to_contain_text("schools in Maine only")
    expect(summary).to_contain_text("$8.00 raised for schools")
    cells = watched.page.locator("tbody td:last-child").all_inner_texts()
    assert sum(map(float, cells)) == 8
    watched.assert_no_sideways_scroll()
    assert sum(float(row["amount_raised_usd"]) for row in downloaded(watched, "rows")) == 8
    watched.page.click("text=Executive Overview")
    expect(watched.page.locator("#kpi-raised-value")).to_have_text("$8.00")
    watched.assert_clean()


def test_a_day_typed_in_makes_the_period_custom_and_reset_brings_the_default_back(
    app_url: str, open_page: OpenPage
) -> None:
    watched = open_page(app_url)
    watched.page.fill("#filter-from", "2026-03-30")
    expect(watched.page.locator("#kpi-raised-value")).to_have_text("$4.00")
    assert watched.page.url.endswith("/?from=2026-03-30&to=2026-03-31")
    watched.page.click("#filter-reset")
    expect(watched.page.locator("#kpi-raised-value")).to_have_text("$56.00")
    assert watched.page.url == f"{app_url}/"
    watched.assert_clean()


def test_a_link_with_junk_shows_the_default_and_says_what_it_left_out(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(f"{app_url}/?period=7d&state=ZZ&user_type=%3Cscript%3Ealert(1)%3C/script%3E")
    assert raised(watched) == "$15.00", "the part that could be followed was: 7 days"
    notice = watched.page.inner_text(".notice")
    assert "“ZZ” is not a value of “state”" in notice
    assert "<script>" in notice, "shown as text"
    watched.assert_clean()


def test_navigation_carries_the_filters_there_and_back(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(f"{app_url}/?period=7d")
    watched.page.click("#nav-product")
    expect(watched.page.locator("h1")).to_have_text("Product")
    assert watched.page.url.endswith("/product?period=7d")
    watched.page.click("#nav-executive")
    expect(watched.page.locator("#kpi-raised-value")).to_have_text("$15.00")
    assert watched.page.url.endswith("/?period=7d")
    watched.page.go_back()
    expect(watched.page.locator("h1")).to_have_text("Product")
    watched.settled().assert_clean()


def test_a_definition_opens_on_focus_and_a_figure_as_table(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url)
    watched.page.focus("#kpi-raised-means")
    expect(watched.page.locator(".tooltip")).to_contain_text("What the purchase raised, USD.")
    watched.page.click("#executive-schools-table summary")
    rows = watched.page.locator("#executive-schools-table tbody tr").all_inner_texts()
    assert rows == ["Elm\tSpringfield\tME\t$28.00\t14\t1\t1", "Oak\tSpringfield\tCA\t$28.00\t28\t1\t1"]
    watched.assert_clean()


def test_the_file_of_a_figure_sums_to_the_number_shown(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(f"{app_url}/?period=7d")
    with watched.page.expect_download() as started:
        watched.page.click("#executive-trend-csv")
    with Path(started.value.path()).open(newline="") as file:
        total = sum(float(row["amount_raised_usd"]) for row in csv.DictReader(file))
    assert f"${total:.2f}" == raised(watched)
    assert started.value.suggested_filename == "executive-trend_2026-03-25_2026-03-31.csv"


def test_the_theme_is_switched_and_remembered(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url, theme="light")
    watched.page.click("#shell-theme-toggle")
    expect(watched.page.locator("html")).to_have_attribute("data-bs-theme", "dark", timeout=PATIENCE_MS)
    watched.page.reload()
    assert watched.settled().page.get_attribute("html", "data-bs-theme") == "dark"
    watched.assert_clean()


def test_a_keyboard_reaches_the_content_first(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url)
    watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.className") == "skip-link"
    watched.page.keyboard.press("Enter")
    assert watched.page.evaluate("document.activeElement.id") == "content"


def test_an_unknown_address_is_answered_in_words(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(f"{app_url}/no-such-view")
    assert "There is no page at this address" in watched.page.inner_text("main")
    watched.assert_clean()


def test_the_first_snapshot_and_every_swap_are_noticed_without_a_reload_by_hand(
    tmp_path: Path, open_page: OpenPage
) -> None:
    patience = 3 * TICK_MS
    with served(tmp_path) as url:
        watched = open_page(url)
        assert "Nothing has been published yet" in watched.page.inner_text("main")
        first = publish_days(tmp_path)
        expect(watched.page.locator("#kpi-raised-value")).to_have_text("$56.00", timeout=patience)
        assert watched.page.locator("#filter-period").count() == 1

        watched.page.click("label:has-text('7 days')")
        expect(watched.page.locator("#kpi-raised-value")).to_have_text("$15.00")
        publish_days(tmp_path, "b2", last=LAST - timedelta(days=1))
        expect(watched.page.locator(".stamp")).to_contain_text("build b2", timeout=patience)
        expect(watched.page.locator("#kpi-raised-value")).to_have_text("$13.00")
        assert watched.page.input_value("#filter-to") == "2026-03-30"
        watched.assert_clean()

        first.with_name("gold-b3.duckdb").write_bytes(b"damaged")
        link_to(Paths(tmp_path), first.with_name("gold-b3.duckdb"))
        expect(watched.page.locator(".stamp")).to_contain_text("a newer build was refused", timeout=patience)
        assert raised(watched) == "$13.00"


def test_the_gates_themselves_can_fail(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url)
    watched.page.evaluate("""() => {
        console.warn("odd");
        const wide = document.createElement("div");
        wide.style = "width: 3000px; height: 1px";
        document.body.append(wide);
        fetch("/export/none.csv");
        return 0;
    }""")
    watched.page.wait_for_load_state("networkidle")
    for gate in (watched.assert_clean, watched.assert_no_sideways_scroll):
        with pytest.raises(AssertionError):
            gate()
