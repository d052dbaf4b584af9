"""The connection of all mails follows the local sink, and never takes real mail back from a person's server."""

from __future__ import annotations

import pytest

SINK = {"host": "127.0.0.1", "port": 8025, "extra": {"sink_port": 8025}}


@pytest.mark.parametrize(
    ("what", "changed", "port"),
    [
        ("the sink as it was made", {}, 9025),
        ("a relay on this host, typed in with an extra of its own", {"port": 25, "extra": {"from_email": "a@b.c"}}, 25),
        ("a server elsewhere", {"host": "mail.example"}, 8025),
        ("a relay on this host", {"port": 25}, 25),
        ("a server with a log-in", {"login": "carton"}, 8025),
    ],
)
def test_the_connection_follows_the_sinks_port_and_nobody_elses(what: str, changed: dict, port: int):
    from airflow.models.connection import Connection

    from deploy.metadata import follow_sink

    known = Connection(conn_id="smtp_default", conn_type="smtp", **SINK | changed)
    follow_sink(known, "127.0.0.1", 9025)
    assert known.port == port, what
    follow_sink(known, "127.0.0.1", 9026)
    assert known.port == (9026 if port == 9025 else port), what
