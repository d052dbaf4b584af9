"""The runbook may only promise what a test shows, and must name every DAG that an operator meets."""

from __future__ import annotations

import re

from include.settings import PROJECT_ROOT

RUNBOOK = (PROJECT_ROOT / "docs" / "runbook.md").read_text()
SECTIONS = re.findall(r"^### (.+?)$(.*?)(?=^##)", RUNBOOK, re.MULTILINE | re.DOTALL)


def test_every_failure_path_says_what_it_means_what_to_do_and_what_shows_it():
    assert len(SECTIONS) > 10
    for name, text in SECTIONS:
        assert re.search(r"^Means: ", text, re.MULTILINE), name
        assert re.search(r"^1\. ", text, re.MULTILINE), name
        assert re.search(r"^Shown by: `", text, re.MULTILINE), name


def test_every_test_that_it_names_exists():
    code = "\n".join(file.read_text() for file in (PROJECT_ROOT / "tests").rglob("test_*.py"))
    files = set(re.findall(r"`(tests/[\w/]+\.py)`", RUNBOOK))
    names = set(re.findall(r"`(test_\w+)`", RUNBOOK))
    assert files
    assert names
    assert [file for file in sorted(files) if not (PROJECT_ROOT / file).exists()] == []
    assert [name for name in sorted(names) if f"def {name}(" not in code] == []


def test_every_row_of_the_first_table_leads_to_a_section():
    anchors = {re.sub(r"[^\w -]", "", name).lower().replace(" ", "-") for name, _ in SECTIONS}
    links = set(re.findall(r"\]\(#([\w-]+)\)", RUNBOOK))
    assert links - {"what-went-wrong"} == anchors


def test_every_alert_has_a_line_and_no_line_is_of_an_alert_that_there_is_not():
    code = "\n".join(file.read_text() for file in (PROJECT_ROOT / "include" / "alerts").rglob("*.py"))
    keys = {key.split(":")[0] for key in re.findall(r"""\bkey=f?"([^"]+)\"""", code)} | {
        key.split(":")[0] for key in re.findall(r"""^KEY = "([^"]+)\"""", code, re.MULTILINE)
    }
    table = RUNBOOK.split("## Every alert")[1].split("\n## ")[0]
    assert len(keys) > 8
    assert {key.split(":")[0] for key in re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)} == keys


def test_every_dag_is_named():
    dags = [file.stem for file in (PROJECT_ROOT / "dags").glob("carton_caps_*.py")]
    assert len(dags) > 5
    assert [dag for dag in dags if f"`{dag}`" not in RUNBOOK] == []
