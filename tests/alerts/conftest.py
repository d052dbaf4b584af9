from __future__ import annotations

import pytest

from tests.alerts.mail_server import MailServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """A mail server to which programs without Airflow send; it is down until a test says ``with server.up()``."""
    server = MailServer()
    for name, value in server.env.items():
        monkeypatch.setenv(name, value)
    return server
