"""What five views show of a simulated world, beside queries on the facts that were written for this file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dash_app.views import VIEWS
from include.settings import Paths
from include.warehouse import connect
from tests.support import gold
from tests.support.browser import PATIENCE_MS, OpenPage, Watched, opened_table, served
from tests.support.simulated import published_world

pytestmark = pytest.mark.slow

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 20)
LINK = "?from=2026-02-10&to=2026-03-05"
PERIOD = "between date '2026-02-10' and date '2026-03-05'"

#: Of each side until the simulated change of the bonus, 75 days after FIRST.
BONUS_USD = 5
UNPAID_SIDES = """
    from gold.fct_referral as referrals, (values ('referrer_bonus'), ('referred_bonus')) as sides (side)
    where
        rule_outcome = 'eligible' and eligible_at::date <= date '2026-03-05'
        and not exists (
            from gold.fct_rewards as closed
            where
                closed.referral_id = referrals.referral_id and closed.reward_type = side
                and closed.entry_type in ('awarded', 'withheld') and closed.entry_date <= date '2026-03-05'
        )
"""


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """Eleven weeks, so that K and the forecast have something to say."""
    return published_world(tmp_path_factory.mktemp("world"), 300, FIRST, LAST)


@pytest.fixture(scope="module")
def app_url(paths: Paths) -> Iterator[str]:
    with served(Path(paths.root)) as url:
        yield url


def answer(paths: Paths, sql: str) -> str:
    """The one text that a query on the published tables gives."""
    return str(gold.served(paths, sql)[0][0])


def money(sql: str) -> str:
    """USD as the pages write it."""
    return f"select format(if(abs(usd) < 1000, '${{:,.2f}}', '${{:,.0f}}'), usd::double) from ({sql}) as amounts (usd)"


def number(sql: str) -> str:
    """A count as the pages write it."""
    return f"select format('{{:,}}', counted::bigint) from ({sql}) as counts (counted)"


def shows(watched: Watched, card: str, text: str) -> None:
    """The big number of a card."""
    expect(watched.page.locator(f"#{card}-value")).to_have_text(text, timeout=PATIENCE_MS)


def test_the_executive_view(app_url: str, open_page: OpenPage, paths: Paths) -> None:
    watched = open_page(f"{app_url}/{LINK}")
    bought = f"from gold.fct_purchase where purchased_at::date {PERIOD}"
    shows(watched, "kpi-raised", answer(paths, money(f"select sum(amount_raised_usd) {bought}")))
    shows(watched, "kpi-purchases", answer(paths, number(f"select count(*) {bought}")))
    shows(
        watched, "kpi-new-users",
        answer(paths, number(f"select count(*) from gold.dim_user where created_at::date {PERIOD}")),
    )  # fmt: skip
    shows(
        watched, "kpi-referrals",
        answer(paths, number(f"select count(*) from gold.fct_referral where sent_at::date {PERIOD}")),
    )  # fmt: skip
    active = "activity_date between date '2026-03-05' - 27 and date '2026-03-05' and is_contributing"
    shows(
        watched, "kpi-supporters",
        answer(paths, number(f"select count(distinct user_id) from gold.fct_user_day where {active}")),
    )  # fmt: skip
    watched.assert_clean()


def test_the_finance_view(app_url: str, open_page: OpenPage, paths: Paths) -> None:
    watched = open_page(f"{app_url}/finance-forecast{LINK}")
    until = "entry_date <= date '2026-03-05' and not is_orphan"
    unpaid = f"select {BONUS_USD} * count(*) from ({UNPAID_SIDES})"
    ledger = f"select sum(signed_amount_usd) from gold.fct_rewards where {until}"
    shows(watched, "kpi-owed", answer(paths, money(f"select ({ledger}) + ({unpaid})")))
    for measure in ("awards_usd", "redemptions_usd"):
        ahead = (
            "select sum(expected) from gold.fct_reward_forecast_day where measure ="
            f" '{measure}' and forecast_date <= date '{LAST}' + 90"
        )
        told = float(watched.page.inner_text(f"#kpi-{measure}-value").strip("$").replace(",", ""))
        assert told == pytest.approx(float(gold.served(paths, ahead)[0][0]), rel=0.01), "days add up to the total"
    closing = gold.served(
        paths,
        f"select reward_type, sum(signed_amount_usd)::double from gold.fct_rewards where {until} group by all"
        " order by reward_type desc",
    )
    rows = opened_table(watched, "finance-roll-forward")
    assert [float(row[-1].strip("$").replace(",", "")) for row in rows[: len(closing)]] == pytest.approx(
        [usd for _, usd in closing], abs=0.5
    )
    watched.assert_clean()


def test_the_network_view(app_url: str, open_page: OpenPage, paths: Paths) -> None:
    watched = open_page(f"{app_url}/network-effects{LINK}")
    mature = "from gold.fct_network_effects_user where k_60 is not null"
    shows(watched, "kpi-k-60", answer(paths, f"select format('{{:.2f}}', sum(k_60) / count(*)) {mature}"))
    of_60 = next(row for row in opened_table(watched, "network-chain") if row[0] == "60")
    assert [of_60[1], of_60[5]] == [
        answer(paths, number(f"select {column} {mature}")) for column in ("count(*)", "sum(k_60)")
    ]
    watched.assert_clean()


def test_the_trust_view(app_url: str, open_page: OpenPage, paths: Paths) -> None:
    watched = open_page(f"{app_url}/trust-safety?from={FIRST}&to={LAST}")
    cases = (
        "from (select case_id, max(amount_at_risk_usd) as usd from gold.fct_review_case where decided_at is null"
        " group by case_id)"
    )
    shows(watched, "kpi-open", answer(paths, number(f"select count(*) {cases}")))
    shows(watched, "kpi-risk", answer(paths, money(f"select coalesce(sum(usd), 0) {cases}")))
    counted = [row[2] for row in opened_table(watched, "trust-types")]
    assert counted == [
        count
        for (count,) in gold.served(
            paths,
            "select format('{:,}', count(*)) from gold.fct_trust_safety_signals"
            f" where detected_at::date between date '{FIRST}' and date '{LAST}'"
            " group by signal_type, kind order by count(*) desc, signal_type",
        )
    ]
    watched.assert_clean()


def test_the_data_health_view(app_url: str, open_page: OpenPage, paths: Paths) -> None:
    watched = open_page(f"{app_url}/data-health{LINK}")
    with connect(paths, read_only=True) as con:
        refused = con.execute(f"select count(*) from raw.quarantine where ds {PERIOD}").fetchall()[0][0]
        passed = con.execute(
            "select count(*) filter (where status = 'pass') from ops.build_nodes where resource_type = 'test'"
        ).fetchall()[0][0]
    landed = len([*paths.landing.glob("*/ds=2026-02-1[0-9]/*.csv"), *paths.landing.glob("*/ds=2026-02-2*/*.csv"),
                  *paths.landing.glob("*/ds=2026-03-0[1-5]/*.csv")])  # fmt: skip
    shows(watched, "kpi-quarantine", f"{refused:,}")
    shows(watched, "kpi-tests", f"{passed:,}")
    shows(watched, "kpi-files", f"{landed:,}")
    assert refused > 0, "nothing to see otherwise"
    watched.assert_clean()


def components(part: Any) -> int:
    """Components of Dash in a part of an answer."""
    if isinstance(part, list):
        return sum(map(components, part))
    if not isinstance(part, dict) or "namespace" not in part:
        return 0
    return 1 + components(part["props"].get("children"))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_hands_the_browser_few_components(app_url: str, browser: Browser, name: str) -> None:
    """Dash tells each of every change: with 500 of them a page takes the browser seconds."""
    page = browser.new_page()
    with page.expect_response(lambda answer: f'"{name}-body.children"' in (answer.request.post_data or "")) as body:
        page.goto(app_url + VIEWS[name].path)
    (drawn,) = body.value.json()["response"].values()
    assert 5 < components(drawn["children"]) < 150
    page.close()
