"""The plan and the page on security may only name what exists: files, models, DAGs and tests."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
import yaml

from include.build import DBT_PROJECT
from include.settings import PROJECT_ROOT

PLAN = (PROJECT_ROOT / "docs" / "dev_plan.md").read_text("utf-8")
SECURITY = (PROJECT_ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([^`\n]+)`", PLAN + SECURITY)))
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PLAN.splitlines() if line.startswith("| ")]

PYTHON_TESTS = {
    name
    for file in (PROJECT_ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))
}
YAMLS = [*(DBT_PROJECT / "models").rglob("*.yml")]
UNIT_TESTS = {
    test["name"] for file in YAMLS for test in (yaml.safe_load(file.read_text("utf-8")).get("unit_tests") or [])
}
DATA_TESTS = {file.stem for file in (DBT_PROJECT / "tests").rglob("*.sql")}
MODELS = {file.stem for file in (DBT_PROJECT / "models").rglob("*.*") if file.suffix in (".sql", ".py")}
#: Where a path that is written short may begin.
ROOTS = (PROJECT_ROOT, DBT_PROJECT, DBT_PROJECT / "models", PROJECT_ROOT / "dash_app", PROJECT_ROOT / "docs")


def spelt_out(path: str) -> list[str]:
    """``a/{b,c}.py`` is two paths."""
    parts = [part.strip("{}").split(",") for part in re.split(r"(\{[^}]*\})", path)]
    return ["".join(chosen) for chosen in itertools.product(*parts)]


def is_there(path: str) -> bool:
    return any(any(root.glob(path.rstrip("/"))) for root in ROOTS)


def is_path(name: str) -> bool:
    return bool(re.fullmatch(r"\w[\w./*{},-]*", name)) and (
        "/" in name or Path(name).suffix in (".py", ".sql", ".yml", ".md")
    )


def short_files(name: str) -> bool:
    """A file named without its folder, beside one with it: ``_core_rules.yml``, ``test_turns.py``."""
    return any(any(root.rglob(name)) for root in (DBT_PROJECT, PROJECT_ROOT / "tests", PROJECT_ROOT / "dash_app"))


@pytest.mark.parametrize("path", [path for name in NAMED if is_path(name) for path in spelt_out(name)])
def test_a_file_that_it_names_exists(path: str):
    assert is_there(path) or ("/" not in path and short_files(path))


@pytest.mark.parametrize("name", [name for name in NAMED if re.fullmatch(r"(fct|dim|int|stg)_\w+", name)])
def test_a_model_that_it_names_exists(name: str):
    assert name in MODELS


def test_every_test_that_it_names_exists():
    named = {name for row in ROWS for name in re.findall(r"`([a-z0-9_]+)`", row[2] if len(row) > 2 else "")}
    assert len(named) > 100
    known = PYTHON_TESTS | UNIT_TESTS | DATA_TESTS | MODELS
    assert sorted(named - known) == []


def test_every_line_of_domain_and_specification_names_what_shows_it():
    of_rules = PLAN.split("## Issue 2")[0]
    rows = [
        line
        for line in of_rules.splitlines()
        if line.startswith("| ") and not line.startswith(("| rule |", "| line |"))
    ]
    assert len(rows) > 90
    assert [row for row in rows if "`" not in row.strip("|").split("|")[-1] and "tests" not in row.split("|")[-2]] == []
