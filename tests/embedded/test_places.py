from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from embedded.places import HOST, PortBusyError, Ports, free_port
from include.errors import CartonCapsError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_busy_port_is_named_with_its_holder_and_the_variable_to_set(taken: int):
    with pytest.raises(PortBusyError) as refused:
        Ports(airflow=free_port(), dash=taken, smtp=free_port()).check_free()
    assert f"Port {taken} for the dashboard is in use by process {os.getpid()}" in str(refused.value)
    assert "CARTON_DASH_PORT" in str(refused.value)
    assert "CARTON_AIRFLOW_PORT" not in str(refused.value)


def test_free_ports_pass():
    Ports(free_port(), free_port(), free_port()).check_free()


def test_ports_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_DASH_PORT", "9001")
    monkeypatch.delenv("CARTON_AIRFLOW_PORT", raising=False)
    monkeypatch.setenv("CARTON_SMTP_PORT", "")
    assert Ports.from_env() == Ports(airflow=8080, dash=9001, smtp=8025)


@pytest.mark.parametrize("text", ["http", "0", "70000", "-1"])
def test_what_is_not_a_port_is_refused_by_name(text: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_SMTP_PORT", text)
    with pytest.raises(CartonCapsError, match="CARTON_SMTP_PORT"):
        Ports.from_env()
