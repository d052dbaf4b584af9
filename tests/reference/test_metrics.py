"""``docs/metrics.md`` has every number of the app and every column of gold, and says truly which views read a table."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from dash_app.definitions import DEFINITIONS
from dash_app.views import VIEWS
from reference import metrics
from reference.markdown import anchor
from reference.metrics import APP, FOLDERS, MODELS, PROJECT_ROOT

PAGE = metrics.page()
#: What every page imports; what it reads there says nothing of the page.
COMMON = {
    "exports",
    "drill",
    "shell",
    "question",
    "page",
    "freshness",
    "definitions",
    "queries.rows",
    "queries.coverage",
}


def test_every_definition_is_shown_by_some_view_and_no_view_asks_for_another():
    asked = {key for view in VIEWS.values() for key in metrics.definitions_of(view)}
    assert asked == set(DEFINITIONS)


def test_every_table_of_gold_is_in_the_page_once_with_all_its_columns():
    known = metrics.tables()
    assert len(known) == len(list((MODELS / "marts").rglob("*.sql")))
    assert [table.name for table in known if PAGE.count(f"\n### {table.name}\n") != 1] == []
    for table in known:
        section = PAGE.split(f"\n### {table.name}\n")[1].split("\n### ")[0]
        assert [column.name for column in table.columns if f"| `{column.name}` | " not in section] == [], table.name


def test_a_folder_of_marts_that_has_no_heading_is_told():
    assert set(FOLDERS) == {folder.name for folder in (MODELS / "marts").iterdir() if folder.is_dir()}


def test_every_link_within_the_page_leads_to_a_heading():
    headings = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)}
    links = set(re.findall(r"\]\(#([^)]+)\)", PAGE))
    assert links
    assert links - headings == set()


def test_every_row_of_every_table_has_the_cells_of_its_heading():
    for block in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(cells) == 1, block.splitlines()[0]


@pytest.mark.parametrize("view", VIEWS)
def test_an_exposure_names_the_tables_that_its_view_reads(view: str):
    claimed = {table for table, views in metrics.views_of_tables().items() if view in views}
    (page,) = [
        file for file in (APP / "pages").glob("*.py") if view in metrics._views_named(ast.parse(file.read_text()))
    ]
    assert _tables_read(_all_it_imports(page)) - claimed == set()
    assert claimed - _tables_read(set(APP.rglob("*.py")) - {APP / "definitions.py"}) == set()


def _tables_read(files: set[Path]) -> set[str]:
    words = re.findall(r"\b(?:dim|fct)_\w+", "\n".join(file.read_text("utf-8") for file in files))
    return set(words) & {table.name for table in metrics.tables()}


def _all_it_imports(page: Path) -> set[Path]:
    """The modules of the app that a page is made of, without those that every page has."""
    left_out = {APP / f"{name.replace('.', '/')}.py" for name in COMMON}
    found: set[Path] = set()
    todo = {page}
    while todo:
        file = todo.pop()
        found.add(file)
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                named = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
                files = {PROJECT_ROOT / f"{name.replace('.', '/')}.py" for name in named if name.startswith("dash_app")}
                todo |= {one for one in files if one.exists()} - found - left_out
    return found
