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
    assert links == anchors
