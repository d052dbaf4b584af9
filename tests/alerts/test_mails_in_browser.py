"""The HTML of mails as a real server received it, drawn by a real browser on a phone and on a desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from include.alerts.anomalies import Anomaly, News
from include.alerts.digest import queue_digest
from include.alerts.finding import Finding, Segment, Severity
from include.alerts.lateness import late_mail
from include.alerts.mail import Mail
from include.alerts.news_mail import news_mail
from include.alerts.outbox import drain, put
from include.alerts.store import transaction
from include.alerts.transport import smtp_from_env
from include.settings import Paths
from tests.alerts.made import TUESDAY, finding, judged
from tests.alerts.mail_server import MailServer
from tests.support.browser import Watched

pytestmark = pytest.mark.slow

KINDS = ("news", "digest", "failure", "late")
RUN = "http://127.0.0.1:8080/dags/carton_caps_daily/runs/scheduled__2026-11-24T06%3A00%3A00%2B00%3A00"
HISTORY = tuple((TUESDAY - timedelta(days=27 - i), 2600.0 - 900 * (i % 7 > 4)) for i in range(27))
HALVED = Finding(
    "volume:purchases", Severity.CRITICAL, "Purchases are far below usual", TUESDAY,
    "Look at the day's landing files: a missing, cut or doubled feed.", 1204, 2600, 2300, 2900,
    (*HISTORY, (TUESDAY, 1204.0)),
    (
        Segment("platform", "ios", 120, 900),
        Segment("school", "Lincoln Elementary School of the Arts and Sciences and of one more very long name", 3, 120),
        Segment("app_version", "4.12.0-a-build-name-without-any-place-to-break-it-0123456789abcdef", 88, 700),
    ),
)  # fmt: skip
OVERDUE = Finding("rewards:overdue", Severity.WARNING, "41 rewards are unpaid", TUESDAY, "Pay them.", 41, upper=0)
# Long words without a place to break, as names of tests and addresses of runs are.
FAILURE = Mail(
    "[Carton Caps] carton_caps_daily failed",
    (
        "The run scheduled__2026-11-24T06:00:00+00:00 of carton_caps_daily failed.",
        "dbt says fail for test.carton_caps.accepted_values_fct_rewards_reward_type__referrer_bonus__referred_bonus.aa",
    ),
    (("Failed task", "dbt.build"), ("Open the run", RUN)),
)
OVER = Anomaly(
    "volume:events", "check", Severity.CRITICAL, "Events are far below usual", "/", TUESDAY, TUESDAY, 3, TUESDAY
)


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Kind of mail -> file with its HTML, taken from what the server got."""
    root = tmp_path_factory.mktemp("mails")
    server = MailServer()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.env.items():
            patch.setenv(name, value)
        judged(root, TUESDAY, [finding()])
        queue_digest(Paths(root))
        now = datetime(2026, 11, 26, 9, 1, tzinfo=UTC)
        mails = (
            news_mail(News(TUESDAY, ((HALVED, TUESDAY), (OVERDUE, TUESDAY)), (OVER,), (OVER,)), RUN),
            FAILURE,
            late_mail(TUESDAY, None, "it was due at 2026-11-25 09:00 UTC", now),
        )
        with transaction(Paths(root)) as con:
            for mail in mails:
                put(con, mail, ("anna@carton-caps.example",), "run")
        with server.up():
            drain(Paths(root), smtp_from_env)
    files = {}
    for kind, (message, _) in zip(("judged", "digest", "news", "failure", "late"), server.received, strict=True):
        files[kind] = root / f"{kind}.html"
        files[kind].write_text(message.get_body(("html",)).get_content())
    return files


@contextmanager
def shown(browser: Browser, file: Path, width: int, theme: str) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
    watched = Watched(context.new_page())
    watched.watch()
    watched.page.goto(file.as_uri())
    if folder := os.environ.get("CARTON_SCREENSHOTS"):  # to look at them
        watched.page.screenshot(path=Path(folder) / f"mail-{file.stem}-{width}-{theme}.png", full_page=True)
    yield watched
    context.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (360, "dark"), (1000, "light")])
def test_a_mail_fits_its_window_fetches_nothing_and_says_it_in_a_readable_size(
    browser: Browser, received: dict[str, Path], kind: str, width: int, theme: str
):
    with shown(browser, received[kind], width, theme) as watched:
        watched.assert_no_sideways_scroll()
        assert watched.console == []
        assert watched.failed == []
        assert watched.page.evaluate("document.images.length + document.scripts.length") == 0
        assert watched.page.evaluate("document.querySelector('.card').getBoundingClientRect().width") <= 600
        sizes = watched.page.evaluate(
            "[...document.querySelectorAll('p, td, th, h1, h2, a')]"
            ".filter(e => e.innerText.trim() && !e.children.length).map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert len(sizes) > 5
        assert min(sizes) >= 13


@pytest.mark.parametrize("width", [360, 1000])
def test_the_picture_shows_a_bar_a_day_and_the_last_one_lower_and_marked(
    browser: Browser, received: dict[str, Path], width: int
):
    with shown(browser, received["news"], width, "light") as watched:
        bars = watched.page.evaluate(
            "[...document.querySelectorAll('.bar, .marked')].map(e =>"
            " [e.getBoundingClientRect().width, e.getBoundingClientRect().height, getComputedStyle(e).backgroundColor])"
        )
    assert len(bars) == 28
    assert {width for width, _, _ in bars} == {7}
    assert bars[-1][1] == pytest.approx(21, abs=1)  # 1,204 of 2,600 in 46 pixels
    assert max(height for _, height, _ in bars) == pytest.approx(46, abs=1)
    assert bars[-1][2] != bars[0][2]


def test_words_stay_readable_in_the_dark(browser: Browser, received: dict[str, Path]):
    with shown(browser, received["news"], 360, "dark") as watched:
        words, paper = watched.page.evaluate(
            "[getComputedStyle(document.querySelector('h1')).color,"
            " getComputedStyle(document.querySelector('.card')).backgroundColor]"
        )
    assert words == "rgb(232, 235, 239)"
    assert paper == "rgb(31, 37, 44)"
