"""The queue against a real SMTP server: nothing is lost, nothing is sent twice, nobody waits for somebody else."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from include.alerts.mail import Mail
from include.alerts.outbox import drain, empty_sent, put
from include.alerts.store import transaction
from include.alerts.transport import smtp_from_env
from include.settings import PROJECT_ROOT, Paths
from tests.alerts.made import after, finding, judged
from tests.alerts.mail_server import MailServer

ANNA, BEN = "anna@carton-caps.example", "ben@carton-caps.example"

DRAIN = """
from include.alerts.outbox import drain
from include.alerts.transport import smtp_from_env
from include.settings import data_dir
drain(data_dir(), smtp_from_env)
"""


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CARTON_ALERT_RECIPIENTS", ANNA)
    return Paths(tmp_path)


def queue(paths: Paths, *subjects: str, to: tuple[str, ...] = (ANNA,)) -> None:
    with transaction(paths) as con:
        for subject in subjects:
            put(con, Mail(subject, ("Words.",)), to, "run")


def drain_in_another_process(paths: Paths) -> subprocess.Popen[bytes]:
    env = os.environ | {"PYTHONPATH": str(PROJECT_ROOT), "CARTON_DATA_DIR": str(paths.root)}
    return subprocess.Popen([sys.executable, "-c", DRAIN], env=env)


def test_mails_of_three_runs_with_the_server_down_arrive_once_each_when_it_is_up(paths: Paths, server: MailServer):
    for day in range(3):
        judged(paths.root, after(day), [finding(f"key{number}", after(day)) for number in range(day + 1)])
        assert drain(paths, smtp_from_env).trouble
    with server.up():
        assert drain(paths, smtp_from_env).sent == 3
        assert drain(paths, smtp_from_env).sent == 0
    assert server.subjects == [f"[Carton Caps] key{day} on {after(day)}" for day in range(3)]


def test_a_mail_arrives_with_both_forms_and_all_that_a_mail_program_wants(paths: Paths, server: MailServer):
    queue(paths, "Volume", to=(ANNA, BEN))
    with server.up():
        drain(paths, smtp_from_env)
    [(message, envelope)] = server.received
    assert envelope == (ANNA, BEN)
    assert message["To"] == f"{ANNA}, {BEN}"
    assert message["From"] == "carton-caps@localhost.example"
    assert message["Message-ID"]
    assert message["Date"]
    assert message.get_body(("plain",)).get_content().strip() == "Words."
    assert "Words." in message.get_body(("html",)).get_content()


def test_an_address_that_the_server_refuses_waits_alone(paths: Paths, server: MailServer):
    queue(paths, "first", "second", to=(ANNA, BEN))
    server.refused = {BEN}
    with server.up():
        drained = drain(paths, smtp_from_env)
        assert (drained.sent, drained.waiting, drained.trouble) == (2, 2, None)
        assert drain(paths, smtp_from_env).sent == 0
        assert server.refusals == [BEN, BEN], "not asked again at once"
        assert [to for _, to in server.received] == [(ANNA,), (ANNA,)]
        server.refused = set()
        with transaction(paths) as con:
            errors = {row["last_error"] for row in con.execute("select last_error from deliveries") if row[0]}
            con.execute("update deliveries set try_after = '2000-01-01T00:00:00+00:00'")  # a day later
        assert errors == {"550 no such user"}
        assert drain(paths, smtp_from_env).waiting == 0
    assert [to for _, to in server.received[2:]] == [(BEN,), (BEN,)]


def test_a_refused_sender_is_the_servers_trouble_and_every_mail_goes_out_once_it_is_mended(
    paths: Paths, server: MailServer
):
    queue(paths, "first", "second", to=(ANNA, BEN))
    server.refuses_sender = True
    with server.up():
        drained = drain(paths, smtp_from_env)
        assert (drained.sent, drained.waiting) == (0, 4)
        assert "takes no mail from carton-caps@localhost.example: 530 log in first" in str(drained.trouble)
        server.refuses_sender = False
        assert drain(paths, smtp_from_env).sent == 2
    assert server.subjects == ["first", "second"]


def test_a_mail_at_which_the_server_breaks_off_keeps_no_other_waiting(paths: Paths, server: MailServer):
    queue(paths, "poison", "second")
    server.breaks_at = "poison"
    with server.up():
        assert "broke off at 'poison'" in str(drain(paths, smtp_from_env).trouble)
        assert server.subjects == []
        assert drain(paths, smtp_from_env).trouble
        assert server.subjects == ["second"]
        server.breaks_at = ""
        assert drain(paths, smtp_from_env).sent == 1


def test_old_mails_lose_their_text_once_every_address_has_them_and_are_never_queued_again(
    paths: Paths, server: MailServer
):
    with transaction(paths) as con:
        put(con, Mail("reached all", ("Words.",)), (ANNA, BEN), "digest", occasion="digest:2026-03-02")
    with server.up():
        drain(paths, smtp_from_env)
    queue(paths, "reached one", to=(ANNA, BEN))
    server.refused = {BEN}
    with server.up():
        drain(paths, smtp_from_env)
    with transaction(paths) as con:
        con.execute("update mails set queued_at = '2025-01-01T00:00:00+00:00'")
    queue(paths, "young")
    server.refused = set()
    with server.up():
        drain(paths, smtp_from_env)
    assert empty_sent(paths, 30) == 1
    assert empty_sent(paths, 30) == 0
    with transaction(paths) as con:
        left = {row["subject"]: len(row["message"]) > 0 for row in con.execute("select subject, message from mails")}
        again = put(con, Mail("reached all", ("Words.",)), (ANNA,), "digest", occasion="digest:2026-03-02")
    assert left == {"reached all": False, "reached one": True, "young": True}
    assert again is None


def test_two_drains_at_once_send_each_mail_once(paths: Paths, server: MailServer):
    queue(paths, *(f"mail {number}" for number in range(20)))
    with server.up():
        others = [drain_in_another_process(paths) for _ in range(3)]
        drain(paths, smtp_from_env)
        assert [other.wait(60) for other in others] == [0, 0, 0]
    assert sorted(server.subjects) == sorted(f"mail {number}" for number in range(20))


def test_a_mail_queued_while_another_process_sends_is_sent_by_that_one(paths: Paths, server: MailServer):
    queue(paths, "first")
    server.answer.clear()
    with server.up():
        sending = threading.Thread(target=drain, args=(paths, smtp_from_env))
        sending.start()
        assert server.arrived.wait(20)
        queue(paths, "second")
        assert drain(paths, smtp_from_env).sent == 0
        server.answer.set()
        sending.join(20)
        assert server.subjects == ["first", "second"]


def test_a_sender_killed_before_the_server_has_taken_the_mail_loses_nothing(paths: Paths, server: MailServer):
    queue(paths, "first", "second")
    server.answer.clear()
    with server.up():
        sending = drain_in_another_process(paths)
        assert server.arrived.wait(30)
        sending.kill()
        assert sending.wait(10) == -9
    received_by_the_dead = len(server.received)
    with server.up():
        assert drain(paths, smtp_from_env).sent == 2
    fresh = server.received[received_by_the_dead:]
    assert [message["Subject"] for message, _ in fresh] == ["first", "second"]
    # The server may have kept what the dead sender never noted: a double is recognised by its Message-ID.
    for message, _ in server.received[:received_by_the_dead]:
        assert message["Message-ID"] == fresh[0][0]["Message-ID"]


def test_a_process_that_dies_in_the_transaction_leaves_neither_state_nor_mail(paths: Paths, server: MailServer):
    killed = """
import os, signal
from include.alerts import judge
from include.settings import data_dir
from tests.alerts.made import TUESDAY, finding, judged
judge.log.info = lambda *_: None
inner = judge.outbox.put
def put(*arguments, **options):
    inner(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)
judge.outbox.put = put
judged(data_dir().root, TUESDAY, [finding()])
"""
    env = os.environ | {"PYTHONPATH": str(PROJECT_ROOT), "CARTON_DATA_DIR": str(paths.root)}
    assert subprocess.run([sys.executable, "-c", killed], env=env, check=False).returncode == -9
    assert len(judged(paths.root, after(0), [finding()])) == 1
    with server.up():
        drain(paths, smtp_from_env)
    assert server.subjects == ["[Carton Caps] volume:purchases on 2026-11-24"]


def test_an_occasion_is_queued_once(paths: Paths):
    with transaction(paths) as con:
        assert put(con, Mail("a", ()), (ANNA,), "digest", occasion="digest:2026-11-23")
        assert put(con, Mail("b", ()), (ANNA,), "digest", occasion="digest:2026-11-23") is None
        assert con.execute("select count(*) from mails").fetchone()[0] == 1
