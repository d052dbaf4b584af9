from __future__ import annotations

import email
import email.policy
import smtplib
from pathlib import Path

from embedded.mail_sink import sink
from embedded.places import HOST, free_port
from include.alerts.mail import Mail

ANNA = "anna@carton-caps.example"


def test_every_message_becomes_one_file_in_order_of_arrival(tmp_path: Path):
    port = free_port()
    server = sink(tmp_path / "mail", port)
    server.start()
    try:
        with smtplib.SMTP(HOST, port) as client:
            for subject in ("first", "second"):
                client.send_message(Mail(subject, ("Zürich: 5 < 6",)).message("from@carton-caps.example", (ANNA,)))
    finally:
        server.stop()
    kept = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in sorted((tmp_path / "mail").iterdir())
    ]
    assert [message["Subject"] for message in kept] == ["first", "second"]
    assert "Zürich: 5 < 6" in kept[0].get_body(("plain",)).get_content()
