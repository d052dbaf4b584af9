from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.alerts.outbox import drain
from include.alerts.recipients import RecipientsError, readers, recipients
from include.alerts.transport import smtp_from_env
from include.settings import Paths
from tests.alerts.made import finding, judged
from tests.alerts.mail_server import MailServer

ANNA, BEN, FAY = "anna@carton-caps.example", "ben@carton-caps.example", "fay@carton-caps.example"


def test_recipients_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_ALERT_RECIPIENTS", f" {ANNA}, {BEN},")
    assert recipients() == (ANNA, BEN)
    monkeypatch.delenv("CARTON_ALERT_RECIPIENTS")
    assert recipients() == ("oncall@carton-caps.example",)


def test_a_group_without_addresses_of_its_own_is_everybody(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_ALERT_RECIPIENTS", ANNA)
    assert recipients("finance") == (ANNA,)
    monkeypatch.setenv("CARTON_ALERT_RECIPIENTS_FINANCE", FAY)
    assert recipients("finance") == (FAY,)
    assert readers("liability:balance") == (ANNA, FAY)
    assert readers("volume:events") == (ANNA,)


@pytest.mark.parametrize(
    "broken", ["no-address", "a@b@c.example", "x@y.example\r\nBcc: thief@z.example", "a b@c.example"]
)
def test_a_broken_address_is_left_out_and_the_others_get_their_mail(monkeypatch: pytest.MonkeyPatch, broken: str):
    monkeypatch.setenv("CARTON_ALERT_RECIPIENTS", f"{ANNA},{broken},{BEN}")
    assert recipients() == (ANNA, BEN)


def test_nobody_at_all_is_an_error_that_names_the_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_ALERT_RECIPIENTS", "nobody")
    with pytest.raises(RecipientsError, match="CARTON_ALERT_RECIPIENTS is 'nobody'"):
        recipients()


def test_each_reader_gets_one_mail_with_what_is_theirs(
    tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    env = {"CARTON_ALERT_RECIPIENTS": f"{ANNA},{BEN}", "CARTON_ALERT_RECIPIENTS_FINANCE": f"{FAY},{BEN}"}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    judged(tmp_path, date(2026, 11, 24), [finding("volume:events"), finding("liability:balance")])
    with server.up():
        drain(Paths(tmp_path), smtp_from_env)
    got = {to: message.get_body(("plain",)).get_content() for message, to in server.received}
    assert set(got) == {(ANNA, BEN), (FAY,)}
    assert "volume:events" in got[ANNA, BEN]
    assert "liability:balance" in got[ANNA, BEN]
    assert "volume:events" not in got[FAY,]
    assert "liability:balance" in got[FAY,]
