"""The referral view in a real browser: the numbers of the snapshot, kept in the link, as a table and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dash_app.components.template import PALETTES
from include.settings import Paths
from tests.dash_app.snapshots import invitations, publish, referral, user
from tests.dash_app.test_referral_queries import ending, hour, window
from tests.support import gold
from tests.support.browser import PATIENCE_MS, OpenPage, Watched, bars, downloaded, opened_table, served

pytestmark = pytest.mark.slow

LAST = date(2026, 3, 31)
#: Five weeks of sending that have had the time for every step, and one that has not.
SENT = [date(2026, 1, 19) + timedelta(weeks=number) for number in range(5)]
TOO_NEW = date(2026, 3, 9)
STEPS = ("mature_sent", "clicked", "installed", "applied", "onboarded", "qualified", "eligible", "awarded")
IN_WORDS = {("eligible", "awarded"): "Eligible and paid", ("open", "none"): "Open: sent less than 30 days ago",
            ("self_referral", "none"): "Self-referral"}  # fmt: skip


def publish_referrals(root: Path) -> None:
    """Weeks that differ from each other, invitations of parents and teachers by two channels."""
    publish(
        root,
        {
            "dim_user": [user(1, date(2026, 1, 5))],
            "fct_referral": [referral(n, LAST - timedelta(days=n)) for n in range(40)],
            "fct_referral_funnel_week": [
                *(row for n, week in enumerate(SENT) for row in (
                    invitations(week, "sms", 60 + n, 40 - n, 30 - n, 20 + n),
                    invitations(week, "in_person", 25 + n, 12, 9, 5 - n, referrer_user_type="teacher"),
                    invitations(week, "sms", 21 + n, 9, 6, 4, referrer_user_type="teacher"),
                )),
                invitations(TOO_NEW, "sms", 99, 90, 80, 70, is_mature=False),
            ],
            "fct_referral_ending": [
                row for n in range(6) for row in (
                    ending(TOO_NEW + timedelta(weeks=n - 3), "open", "none", 40 + n),
                    ending(TOO_NEW + timedelta(weeks=n - 3), "eligible", "awarded", 12 + n),
                    ending(TOO_NEW + timedelta(weeks=n - 3), "self_referral", "none", 3),
                    ending(TOO_NEW + timedelta(weeks=n - 3), "self_referral", "improper", 1),
                )
            ],
            "fct_application_hour": [hour(number, 90 - number // 2, 60 - number // 3) for number in range(0, 169, 12)],
            "fct_attribution_window": [
                window(24, 37, -3, False), window(48, 40, 0, True), window(72, 43, 3, False)
            ],
        },
        LAST,
    )  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("referrals")
    publish_referrals(root)
    return root


@pytest.fixture(scope="module")
def app_url(root: Path) -> Iterator[str]:
    with served(root) as url:
        yield f"{url}/referral-program"


def asked(root: Path, sql: str) -> list[tuple]:
    return gold.served(Paths(root), sql)


def steps(root: Path, first_week: date, user_type: str = "%") -> list[int]:
    """The invitations from this week on that had the time for every step, and how many of them reached each."""
    sums = ", ".join(f"sum({step})::int" for step in STEPS)
    of = f"cohort_week between '{first_week}' and '{SENT[-1]}' and referrer_user_type like '{user_type}'"
    [row] = asked(root, f"select {sums} from gold.fct_referral_funnel_week where {of}")
    return [*row]


def funnel(watched: Watched) -> list[int]:
    return [int(number) for _, number in bars(watched, "referral-funnel-bars")]


def test_funnel_endings_and_channels_show_what_a_query_on_the_snapshot_gives_and_open_as_tables(
    app_url: str, open_page: OpenPage, root: Path
) -> None:
    watched = open_page(app_url)
    expected = steps(root, SENT[-4])
    assert funnel(watched) == expected, "28 days: the four latest weeks that had the time"
    assert [int(row[1]) for row in opened_table(watched, "referral-funnel")] == expected

    endings = asked(
        root,
        "select rule_outcome, any_value(if(rule_outcome = 'eligible', award_state, 'none')), sum(referrals)::varchar,"
        " sum(if(award_state = 'improper', referrals, 0))::varchar"
        " from gold.fct_referral_ending where cohort_week + 6 >= date '2026-03-04' and cohort_week <= date '2026-03-31'"
        " group by 1 order by sum(referrals) desc",
    )
    assert bars(watched, "referral-endings-bars") == [(IN_WORDS[row[:2]], row[2]) for row in endings]
    table = opened_table(watched, "referral-endings")
    assert [(row[1], row[3].replace("-", "0")) for row in table] == [row[2:] for row in endings]
    total = sum(int(row[2]) for row in endings)
    expect(watched.page.locator("#referral-endings")).to_contain_text(f"{total} invitations of the weeks that touch")

    channels = asked(
        root,
        "select replace(channel, '_', ' '), format('{:.1f}%', 100.0 * sum(eligible) / sum(sent)), sum(sent)::varchar,"
        " sum(applied)::varchar, format('{} of {} ({:.1f}%)', sum(eligible)::int, sum(sent)::int,"
        " 100.0 * sum(eligible) / sum(sent)) from gold.fct_referral_funnel_week"
        f" where cohort_week between '{SENT[-4]}' and '{SENT[-1]}' group by channel order by sum(sent) desc",
    )
    assert bars(watched, "referral-channels-bars") == [row[:2] for row in channels]
    assert [(sent, applied, eligible) for _, sent, _, applied, eligible, _ in opened_table(watched, "referral-channels")
            ] == [row[2:] for row in channels]  # fmt: skip
    watched.assert_clean()


def test_filters_go_into_the_link_which_shows_the_same_again_and_the_file_has_its_numbers(
    app_url: str, open_page: OpenPage, root: Path
) -> None:
    watched = open_page(app_url)
    watched.page.click("label:has-text('7 days')")
    watched.page.select_option("#filter-user-type", "teacher")
    expected = steps(root, SENT[-1], "teacher")
    expect(watched.page.locator("#referral-funnel-bars .bar-number").first).to_have_text(
        str(expected[0]), timeout=PATIENCE_MS
    )
    assert funnel(watched) == expected
    assert watched.page.url == f"{app_url}?period=7d&user_type=teacher"
    endings = bars(watched, "referral-endings-bars")

    again = open_page(watched.page.url)
    assert funnel(again) == expected
    assert bars(again, "referral-endings-bars") == endings
    assert again.page.input_value("#filter-user-type") == "teacher"
    assert [float(row["reached"]) for row in downloaded(again, "referral-funnel")] == expected
    in_file = [float(row["referrals"]) for row in downloaded(again, "referral-endings")]
    assert in_file == [float(number) for _, number in endings]
    assert len(in_file) == len(IN_WORDS)
    watched.assert_clean()
    again.assert_clean()


def test_the_window_card_tells_who_came_too_late_and_what_another_window_gives(
    app_url: str, open_page: OpenPage, root: Path
) -> None:
    watched = open_page(app_url)
    card = watched.page.locator("#referral-windows")
    [(missed, total, late)] = asked(
        root,
        "select sum(applications_meeting_other_rules - eligible_applications) filter (hour_since_install > 48)::int,"
        " sum(applications)::int, sum(applications - applications_at_signup) filter (hour_since_install > 48)::int"
        " from gold.fct_application_hour",
    )
    expect(card).to_contain_text(f"{missed} of {total} codes ({missed / total:.1%}) came after the 48 hours")
    drawn = card.locator(".js-plotly-plot").evaluate("plot => plot.data.map(part => [part.name, part.y])")
    assert [(name, sum(codes)) for name, codes in drawn] == [("in time", total - late), ("too late", late)]

    shown = card.locator(".table-scroll").first.locator("tbody tr")
    windows = asked(
        root,
        "select format('{} h{}', window_hours, if(is_in_force, ', in force', '')),"
        " format('{} of {} ({:.1f}%)', eligible, mature_sent, 100.0 * eligible / mature_sent),"
        " if(is_in_force, '0', format('{:+d}', eligible_change)),"
        " if(is_in_force, '', if(bonus_change_usd > 0, '+', '-')) || format('${:.2f}', abs(bonus_change_usd)::double),"
        " if(is_in_force, '', if(raised_change_usd > 0, '+', '-')) || format('${:.2f}', abs(raised_change_usd)::double)"
        " from gold.fct_attribution_window order by window_hours",
    )
    assert [text.split("\t") for text in shown.all_inner_texts()] == [[*row] for row in windows]

    hours = asked(root, "select hour_since_install, applications from gold.fct_application_hour order by 1")
    table = opened_table(watched, "referral-windows")
    assert [(int(row[0]), int(row[1])) for row in table] == hours[: len(table)]
    in_file = downloaded(watched, "referral-windows")
    assert [(int(row["hour_since_install"]), int(row["applications"])) for row in in_file] == hours
    watched.assert_clean()


def test_the_view_is_dark_and_fits_a_phone_with_every_table_open(app_url: str, open_page: OpenPage) -> None:
    watched = open_page(app_url, width=390, theme="dark")
    tick = watched.page.locator("#referral-windows .xtick text").first
    expect(tick).to_be_visible(timeout=PATIENCE_MS)
    watched.page.eval_on_selector_all("details.twin", "all => all.forEach(twin => { twin.open = true; })")
    assert watched.page.locator("details.twin table:visible").count() >= 4
    watched.assert_no_sideways_scroll()
    ink = tick.evaluate("text => getComputedStyle(text).fill")
    assert ink == "rgb" + str(tuple(bytes.fromhex(PALETTES["dark"].ink[1:])))
    watched.assert_clean()
