"""``python -m include.pipeline alerts``, and the copy of what was sent in the warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.alerts.sent_log import copy_sent
from include.alerts.store import store_file
from include.pipeline import load, main
from include.settings import Paths
from include.warehouse import connect
from tests.alerts.made import TUESDAY, after, finding, judged
from tests.alerts.mail_server import MailServer
from tests.ingest.landed import DAY, USER, Landing


@pytest.fixture(autouse=True)
def data_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["alerts", *arguments]) == 0
    return capsys.readouterr().out


def test_list_shows_what_is_open_silenced_and_waiting(tmp_path: Path, server: MailServer, capsys):
    judged(tmp_path, TUESDAY, [finding()])
    listed = said(capsys, "list")
    assert "Open      volume:purchases: volume:purchases on 2026-11-24 (CRITICAL, since 2026-11-24, mailed)" in listed
    assert "Waiting   oncall@carton-caps.example: [Carton Caps] volume:purchases on 2026-11-24" in listed
    assert "Sent      0 mails" in listed
    assert "up to and including the data of 2026-11-30" in said(
        capsys, "silence", "volume:*", "--until", "2026-11-30", "--why", "known"
    )
    listed = said(capsys, "list")
    assert "silenced until 2026-11-30)" in listed
    assert "Silence   volume:* until 2026-11-30: known" in listed
    judged(tmp_path, after(6), [finding(day=after(6))])
    assert "Silence   volume:*" in said(capsys, "list"), "its last silent day"
    judged(tmp_path, after(7), [finding(day=after(7))])
    assert "Silence" not in said(capsys, "list"), "it has ended by itself"
    said(capsys, "silence", "volume:*", "--until", "2026-12-30", "--why", "known")
    assert "goes out again" in said(capsys, "lift", "volume:*")
    assert "Silence" not in said(capsys, "list")


def test_lifting_what_is_not_silenced_is_refused_with_a_sentence(server: MailServer, capsys):
    assert main(["alerts", "lift", "nothing"]) == 1
    assert "There is no silence for 'nothing'" in capsys.readouterr().err


def test_send_sends_what_waits_and_says_so_when_the_server_is_away(tmp_path: Path, server: MailServer, capsys):
    judged(tmp_path, TUESDAY, [finding()])
    assert main(["alerts", "send"]) == 1
    assert "CARTON_SMTP_HOST" in capsys.readouterr().err
    with server.up():
        assert said(capsys, "send") == "1 mails sent, 0 deliveries wait.\n"
    assert len(server.received) == 1


def test_what_was_sent_is_copied_into_ops_once_and_without_addresses(tmp_path: Path, server: MailServer, capsys):
    paths = Paths(tmp_path)
    assert copy_sent(paths) == 0
    judged(tmp_path, TUESDAY, [finding()])
    assert copy_sent(paths) == 0, "it waits"
    with server.up():
        said(capsys, "send")
        judged(tmp_path, after(1), [])
        assert copy_sent(paths) == 1
        said(capsys, "send")
    assert copy_sent(paths) == 2
    assert copy_sent(paths) == 2
    with connect(paths, read_only=True) as warehouse:
        rows = warehouse.execute(
            "select kind, subject, addresses_reached, addresses_waiting from ops.alerts_sent order by sent_at, subject"
        ).fetchall()
        assert "oncall" not in str(warehouse.execute("from ops.alerts_sent").fetchall())
    assert sorted(rows) == [
        ("anomalies", "[Carton Caps] Over: volume:purchases on 2026-11-24", 1, 0),
        ("anomalies", "[Carton Caps] volume:purchases on 2026-11-24", 1, 0),
    ]


def test_a_load_brings_the_copy_up_to_date_and_does_not_wait_for_a_damaged_queue(
    tmp_path: Path, server: MailServer, capsys
):
    paths = Paths(tmp_path)
    judged(tmp_path, TUESDAY, [finding()])
    with server.up():
        said(capsys, "send")
    landing = Landing(tmp_path)
    landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n")
    landing.complete()
    load(DAY, DAY, paths)
    store_file(paths).write_bytes(b"damaged " * 600)
    landing.put("users", f"{USER}\n2,a@b.c,2026-01-01,parent\n")
    load(DAY, DAY, paths)
    with connect(paths, read_only=True) as warehouse:
        assert warehouse.execute("select count(*) from ops.alerts_sent").fetchall() == [(1,)]
        assert warehouse.execute("select count(*) from ops.loads").fetchall() == [(2,)]
