"""The product view in a real browser: the numbers of the snapshot, kept in the link, as a table and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dash_app.components.template import PALETTES
from include.settings import Paths
from tests.dash_app.snapshots import active_day, onboarding_week, publish, scan_week, user
from tests.support import gold
from tests.support.browser import PATIENCE_MS, OpenPage, Watched, bars, downloaded, opened_table, served

pytestmark = pytest.mark.slow

LAST = date(2026, 3, 31)
#: Five weeks of signup that have had the time for every step, and one that has not.
SIGNED_UP = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(5)]
TOO_NEW = date(2026, 3, 2)
SCANNED = [date(2026, 2, 2) + timedelta(weeks=number) for number in range(8)]
REASONS = ("blurry_photo", "no_eligible_product")


def retained(week: date, number: int, users: int, back: int, is_mature: bool = True) -> dict:
    """A row of fct_retention_week; half of those who came back scanned or bought."""
    return {
        "cohort_week": week, "platform": "all", "week_number": number, "users": users, "mature_users": users,
        "retained_users": back, "retained_share": back / users, "retained_share_low": 0, "retained_share_high": 1,
        "contributing_users": back // 2, "contributing_share": back // 2 / users, "is_observed": True,
        "is_mature": is_mature,
    }  # fmt: skip


def failed(week: date, platform: str, reason: str, attempts: int, usd: str, lost_usd: str) -> dict:
    """A row of fct_scan_failure_week, a third of whose attempts were made good."""
    return {
        "week_start": week, "platform": platform, "app_version": "7.1.0", "failure_reason": reason,
        "failed_attempts": attempts, "followed_attempts": attempts // 3, "lost_usd": usd, "lost_for_good_usd": lost_usd,
    }  # fmt: skip


def publish_product(root: Path) -> None:
    """Weeks that differ from each other, of parents and teachers on two platforms."""
    publish(
        root,
        {
            "dim_user": [user(1, date(2026, 1, 5))],
            "fct_user_day": [active_day(1, date(2026, 1, 5))],
            "fct_onboarding_step": [
                *(row for n, week in enumerate(SIGNED_UP) for row in (
                    *onboarding_week(week, 40 + n, 36 + n, 30 - n, 20 - n),
                    *onboarding_week(week, 25 + 2 * n, 24 + n, 22, 21 - n, user_type="teacher", platform="android"),
                )),
                *onboarding_week(TOO_NEW, 99, 90, 80, 70, is_mature=False),
            ],
            "fct_retention_week": [
                retained(week, number, 40 + n, 30 - 3 * number - n, is_mature=n + number < 7)
                for n, week in enumerate(SIGNED_UP) for number in range(1, 5)
            ],
            "fct_scan_funnel_week": [
                scan_week(week, platform, 40 + n, 36 - n)
                for n, week in enumerate(SCANNED) for platform in ("ios", "android")
            ],
            "fct_scan_failure_week": [
                failed(week, platform, reason, 3 + n, f"{4 + n}.25", f"{1 + n * place}.10")
                for n, week in enumerate(SCANNED) for platform in ("ios", "android")
                for place, reason in enumerate(REASONS)
            ],
        },
        LAST,
    )  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("product")
    publish_product(root)
    return root


@pytest.fixture(scope="module")
def app_url(root: Path) -> Iterator[str]:
    with served(root) as url:
        yield f"{url}/product"


def steps(root: Path, first_week: date, user_type: str = "%") -> list[int]:
    """Who signed up from this week on and had the time for every step, and how many of them passed each."""
    of = f"cohort_week between '{first_week}' and '{SIGNED_UP[-1]}' and user_type like '{user_type}'"
    by_step = (
        f"select sum(users), 0 as step from gold.fct_onboarding_step where step = 'qualified' and {of} union all "
        f"select sum(reached_users), step_number from gold.fct_onboarding_step where {of} group by step_number "
        "order by step"
    )
    return [int(people) for people, _ in gold.served(Paths(root), by_step)]


def onboarding(watched: Watched) -> list[int]:
    return [int(number) for _, number in bars(watched, "product-onboarding-bars")]


def test_the_figures_show_what_a_query_on_the_snapshot_gives_and_open_as_tables(
    app_url: str, open_page: OpenPage, root: Path
) -> None:
    watched = open_page(app_url)
    expected = steps(root, SIGNED_UP[-4])
    assert onboarding(watched) == expected, "28 days: the four latest weeks that had the time"
    table = opened_table(watched, "product-onboarding")
    assert [int(people) for _, people, _, _ in table] == expected
    assert [int(lost) for *_, lost in table[1:]] == [a - b for a, b in pairwise(expected)]

    assert opened_table(watched, "product-failures") == [
        [*row]
        for row in gold.served(
            Paths(root),
            "select failure_reason, sum(failed_attempts)::varchar, sum(followed_attempts)::varchar,"
            " format('${:.2f}', sum(lost_usd)::double), format('${:.2f}', sum(lost_for_good_usd)::double)"
            " from gold.fct_scan_failure_week where week_start + 6 >= date '2026-03-04' group by 1"
            " order by sum(lost_for_good_usd) desc",
        )
    ]
    assert opened_table(watched, "product-retention") == [
        [*row]
        for row in gold.served(
            Paths(root),
            "select strftime(cohort_week, '%-d %b %Y'), week_number::varchar,"
            " format('{} of {} ({:.1f}%)', retained_users, users, 100 * retained_users / users),"
            " format('{} of {} ({:.1f}%)', contributing_users, users, 100 * contributing_users / users),"
            " users::varchar, if(is_mature, 'yes', 'not yet')"
            " from gold.fct_retention_week order by cohort_week, week_number",
        )
    ]
    cells = gold.served(Paths(root), "select format('{:.0f}%', 100 * retained_share) from gold.fct_retention_week")
    drawn = watched.page.locator("#product-retention .heatmaplayer text")
    expect(drawn).to_have_count(len(cells), timeout=PATIENCE_MS)
    assert sorted(drawn.all_text_contents()) == sorted(text for (text,) in cells), "settled and unsettled ones"
    watched.assert_clean()


def test_filters_go_into_the_link_which_shows_the_same_again_and_the_file_has_its_numbers(
    app_url: str, open_page: OpenPage, root: Path
) -> None:
    watched = open_page(app_url)
    watched.page.click("label:has-text('7 days')")
    watched.page.select_option("#filter-user-type", "teacher")
    expected = steps(root, SIGNED_UP[-1], "teacher")
    expect(watched.page.locator("#product-onboarding-bars .bar-number").first).to_have_text(
        str(expected[0]), timeout=PATIENCE_MS
    )
    assert onboarding(watched) == expected
    assert watched.page.url == f"{app_url}?period=7d&user_type=teacher"
    lost = bars(watched, "product-failures-bars")

    again = open_page(watched.page.url)
    assert onboarding(again) == expected
    assert bars(again, "product-failures-bars") == lost
    assert again.page.input_value("#filter-user-type") == "teacher"
    assert [float(row["reached"]) for row in downloaded(again, "product-onboarding")] == expected
    in_file = {row["failure_reason"]: float(row["lost_for_good_usd"]) for row in downloaded(again, "product-failures")}
    assert {name.replace(" ", "_"): float(usd.strip("$")) for name, usd in lost} == pytest.approx(in_file)
    assert len(in_file) == len(REASONS)
    watched.assert_clean()
    again.assert_clean()


def test_the_view_is_dark_and_fits_a_phone_with_every_table_open(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url, width=390, theme="dark")
    expect(watched.page.locator("#product-retention .heatmaplayer text")).to_have_count(
        4 * len(SIGNED_UP), timeout=PATIENCE_MS
    )
    watched.page.eval_on_selector_all("details.twin", "all => all.forEach(twin => { twin.open = true; })")
    assert watched.page.locator("details.twin table:visible").count() >= 5
    watched.assert_no_sideways_scroll()
    ink = watched.page.locator("#product-retention .xtick text").first.evaluate("text => getComputedStyle(text).fill")
    assert ink == "rgb" + str(tuple(bytes.fromhex(PALETTES["dark"].ink[1:])))
    watched.assert_clean()
