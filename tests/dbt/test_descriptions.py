"""What readers of gold find as tooltips, in the web app and in the docs site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from include.build import DBT_PROJECT

MARTS = DBT_PROJECT / "models" / "marts"


def described() -> dict[str, dict[str, Any]]:
    """The YAML entry of every model of gold."""
    entries = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(MARTS.rglob("_*.yml"))]
    return {model["name"]: model for entry in entries for model in entry.get("models", [])}


MODELS = described()


def test_every_model_of_gold_is_described_once_and_nothing_else_is():
    assert sorted(MODELS) == sorted(file.stem for file in MARTS.rglob("*.sql"))


@pytest.mark.parametrize("name", MODELS)
def test_a_description_begins_with_the_grain_and_every_column_has_one(name: str):
    assert MODELS[name]["description"].startswith("One row per ")
    undescribed = [column["name"] for column in MODELS[name]["columns"] if not column.get("description", "").strip()]
    assert undescribed == []


@pytest.mark.parametrize("name", MODELS)
def test_the_sql_says_its_grain_too(name: str):
    (file,) = MARTS.rglob(f"{name}.sql")
    assert "-- Grain: one row per " in Path(file).read_text("utf-8")


@pytest.mark.parametrize("name", MODELS)
def test_a_table_of_gold_has_a_key_that_is_tested(name: str):
    tests = [test for column in MODELS[name]["columns"] for test in column.get("data_tests", [])]
    together = [test for test in MODELS[name].get("data_tests", []) if "unique_together" in test]
    assert "unique" in tests or together
