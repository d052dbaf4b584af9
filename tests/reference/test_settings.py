"""Every variable that the code reads is declared once, with its default, and none is declared that nobody reads."""

from __future__ import annotations

import re

import pytest

from include.generator.config import SimulationConfig
from include.settings import PROJECT_ROOT
from include.settings_list import GROUPS, SETTINGS, default, value
from reference.settings import readers

READERS = readers()
COMPOSE = (PROJECT_ROOT / "docker-compose.yaml").read_text("utf-8")
ENV_EXAMPLE = (PROJECT_ROOT / ".env.example").read_text("utf-8")


def test_every_variable_that_is_read_is_declared_and_every_declared_one_is_read():
    assert sorted(set(READERS) - set(SETTINGS)) == [], "declare it in include/settings_list.py"
    read_by_us = {name for name, files in READERS.items() if not files[0].startswith("tests/")}
    assert sorted({name for name, one in SETTINGS.items() if one.group != "development"} - read_by_us) == []
    assert sorted(set(SETTINGS) - set(READERS)) == []


def test_a_variable_says_what_it_does_and_what_holds_without_it():
    for setting in SETTINGS.values():
        assert setting.group in GROUPS, setting.name
        assert setting.does.endswith("."), setting.name
        assert bool(setting.default) != bool(setting.otherwise), setting.name


def test_no_code_has_a_default_of_its_own():
    rooms = ("include", "dags", "dash_app", "embedded", "deploy")
    files = [file for room in rooms for file in (PROJECT_ROOT / room).rglob("*.py")]
    own = [
        file.name for file in files if re.search(r"""(environ\.get|getenv)\(\s*["']CARTON_""", file.read_text("utf-8"))
    ]
    assert own == [], "take it by include.settings_list.value"


def test_what_is_no_python_says_the_same_defaults():
    profiles = (PROJECT_ROOT / "include" / "dbt" / "profiles.yml").read_text("utf-8")
    elsewhere = re.findall(r"env_var\('(CARTON_\w+)', '([^']+)'", profiles)
    elsewhere += re.findall(r"\$\{(CARTON_\w+):-([^}]+)\}", COMPOSE)
    elsewhere += re.findall(r"^(CARTON_\w+)=(.+)$", ENV_EXAMPLE, re.MULTILINE)
    assert len(elsewhere) > 10
    ports = {"CARTON_DASH_URL": "CARTON_DASH_PORT", "CARTON_AIRFLOW_URL": "CARTON_AIRFLOW_PORT"}
    expected = {name: f"http://127.0.0.1:{default(port)}" for name, port in ports.items()}
    assert [(name, said) for name, said in elsewhere if said != (expected.get(name) or default(name))] == []


def test_the_simulators_defaults_are_those_declared():
    assert SimulationConfig().file_format == default("CARTON_FORMAT")
    assert (SimulationConfig().users, SimulationConfig().seed) == (2000, 20260101)


def test_every_variable_of_env_example_is_read():
    named = re.findall(r"^(CARTON_\w+)=", ENV_EXAMPLE, re.MULTILINE)
    assert [name for name in named if "docker-compose.yaml" not in READERS.get(name, [])] == []


def test_an_empty_variable_counts_as_not_set():
    assert value("CARTON_USERS", {"CARTON_USERS": ""}) == default("CARTON_USERS")
    assert value("CARTON_USERS", {"CARTON_USERS": "7"}) == "7"
    with pytest.raises(KeyError):
        value("carton_users", {})
