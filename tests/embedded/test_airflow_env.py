from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from embedded.airflow_env import airflow_env, installation_secrets
from embedded.places import Places, Ports
from embedded.world import World
from include.settings import Paths

WORLD = World(date(2026, 1, 1), date(2026, 5, 1), users=60)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(Paths(tmp_path))


def test_keys_and_log_in_are_readable_for_their_owner_only(places: Places):
    keys = installation_secrets(places)
    assert places.secrets.stat().st_mode & 0o777 == 0o600
    assert places.passwords.stat().st_mode & 0o777 == 0o600
    assert keys.admin_password in places.passwords.read_text()


def test_a_second_start_keeps_the_keys_and_another_installation_has_others(places: Places, tmp_path: Path):
    first = installation_secrets(places)
    assert installation_secrets(places) == first
    other = installation_secrets(Places(Paths(tmp_path / "other")))
    assert not set(vars(first).values()) & set(vars(other).values())


def test_settings_of_another_airflow_do_not_leak_in(places: Places, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "True")
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://elsewhere.example")
    monkeypatch.setenv("CARTON_ALERT_RECIPIENTS", "kept@carton-caps.example")
    env = airflow_env(places, Ports(), "postgresql://", WORLD)
    assert env["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert "AIRFLOW_CONN_SMTP_DEFAULT" not in env
    assert env["CARTON_ALERT_RECIPIENTS"] == "kept@carton-caps.example"


def test_servers_listen_on_loopback_and_nothing_phones_home(places: Places):
    env = airflow_env(places, Ports(airflow=1234), "postgresql://", WORLD)
    assert env["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:1234/execution/"
    assert env["AIRFLOW__COSMOS__ENABLE_TELEMETRY"] == "False"
    assert env["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert env["DO_NOT_TRACK"] == "1"
    assert env["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"


def test_the_dags_learn_the_first_scheduled_day_and_the_world(places: Places):
    env = airflow_env(places, Ports(), "postgresql://", WORLD)
    assert env["CARTON_START_DATE"] == "2026-05-01"
    assert env["CARTON_EPOCH"] == "2026-01-01"
    assert env["CARTON_USERS"] == "60"
    assert env["CARTON_SOURCE"] == "simulator"
