from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from include.alerts.digest import queue_digest
from include.alerts.finding import Severity
from include.alerts.outbox import drain
from include.alerts.silence import add_silence
from include.alerts.store import transaction
from include.alerts.transport import smtp_from_env
from include.alerts.week import week_before
from include.settings import Paths
from tests.alerts.made import finding, judged
from tests.alerts.mail_server import MailServer
from tests.dash_app.snapshots import active_day, publish, purchase, referral, user

SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 16)


def day(of_week: int, week: int = 0) -> date:
    return MONDAY + timedelta(days=of_week, weeks=week)


WORLD = {
    "dim_user": [user(1, day(0)), user(2, day(6)), user(3, day(0, -1)), user(4, day(0, -2)), user(5, day(7))],
    "fct_purchase": [
        purchase("a", 1, 1, day(0), "1.50"),
        purchase("b", 1, 1, day(6), "1.50"),
        purchase("c", 1, 1, day(6, -1), "2.00"),
        purchase("d", 1, 1, day(7), "99"),
    ],
    "fct_user_day": [
        active_day(1, day(0), contributing=True),
        active_day(1, day(1), contributing=True),
        active_day(2, day(1)),
        active_day(1, day(0, -1), contributing=True),
    ],
    "fct_referral": [referral(1, day(3)), referral(2, day(4))],
    "fct_rewards": [
        {"entry_id": "x", "entry_type": "awarded", "entry_date": day(2), "amount_usd": 5},
        {"entry_id": "y", "entry_type": "redeemed", "entry_date": day(2), "amount_usd": 5},
    ],
}


@pytest.fixture
def digest(tmp_path: Path, server: MailServer) -> str:
    """The plain text of the digest of a week in which one thing ended, one lasts, and one is silenced."""
    gone = finding("gone", day(1), Severity.WARNING)
    judged(tmp_path, day(1), [gone])
    with transaction(Paths(tmp_path)) as con:
        add_silence(con, "quiet", day(9), "a known outage")
    lasting = [finding("lasting", SUNDAY), finding("quiet", SUNDAY), finding("small", SUNDAY, Severity.INFO)]
    publish(tmp_path, WORLD, SUNDAY, "sunday")
    judged(tmp_path, SUNDAY, lasting, "sunday")
    assert queue_digest(Paths(tmp_path)) == "[Carton Caps] The week of 16 November: 4 odd, 3 still open"
    with server.up():
        drain(Paths(tmp_path), smtp_from_env)
    [text] = [m.get_body(("plain",)).get_content() for m, _ in server.received if "The week" in m["Subject"]]
    return text.replace("\r\n", "\n")


def test_the_digest_has_the_numbers_of_the_week_beside_the_week_before(digest: str):
    assert (
        " | This week | Before | Change\n"
        "Raised for schools | $3.00 | $2.00 | +50%\n"
        "Purchases | 2 | 1 | +100%\n"
        "Active supporters | 1 | 1 | same\n"
        "New users | 2 | 1 | +100%\n"
        "Invitations sent | 2 | 0 | new\n"
        "Rewards awarded | $5.00 | $0.00 | new\n"
    ) in digest


def test_the_digest_says_what_was_odd_what_is_open_and_what_is_silenced_until_when(digest: str):
    odd, still_open, silenced = (digest.split(heading)[1] for heading in ("What was odd", "Still open", "Silenced\n"))
    assert "Tue 17 Nov: gone on 2026-11-17 (look this week)" in odd
    assert "since Sun 22 Nov: lasting on 2026-11-22 (look today)" in still_open
    assert "since Sun 22 Nov: quiet on 2026-11-22 (look today, silenced until Wed 25 Nov)" in still_open
    assert "since Sun 22 Nov: small on 2026-11-22 (for information)" in still_open
    assert "gone" not in still_open
    assert "until Wed 25 Nov: quiet: a known outage" in silenced


def test_a_week_has_one_digest_whichever_day_brings_it(tmp_path: Path):
    publish(tmp_path, WORLD, SUNDAY, "sunday")
    assert queue_digest(Paths(tmp_path)) is not None
    assert queue_digest(Paths(tmp_path)) is None
    publish(tmp_path, WORLD, SUNDAY + timedelta(3), "wednesday")
    assert queue_digest(Paths(tmp_path)) is None
    publish(tmp_path, WORLD, SUNDAY + timedelta(9), "next tuesday")
    assert queue_digest(Paths(tmp_path)) == "[Carton Caps] The week of 23 November: nothing odd"


def test_the_last_whole_week_before_t():
    assert week_before(date(2026, 11, 23)) == (MONDAY, SUNDAY)
    assert week_before(date(2026, 11, 29)) == (MONDAY, SUNDAY)
    assert week_before(date(2026, 11, 30)) == (day(7), day(13))
