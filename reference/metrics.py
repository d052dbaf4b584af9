"""``docs/metrics.md``: every number of the web app with its definition, then every table of gold with its columns.

Nothing is defined here. Definitions come from ``dash_app/definitions.py`` and the YAML files of the marts, the tables
of a view from ``include/dbt/models/exposures.yml``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dash_app.definitions import DEFINITIONS, Definition
from dash_app.views import VIEWS, View
from include.settings import PROJECT_ROOT
from reference.markdown import anchor, cell

MODELS = PROJECT_ROOT / "include" / "dbt" / "models"
APP = PROJECT_ROOT / "dash_app"

#: Folder of the marts -> what its tables are about, in the order of the page.
FOLDERS = {
    "core": "people, schools, products, purchases, days",
    "growth": "growth, targets, and what moved the money raised",
    "product": "onboarding, scanning, activation, retention",
    "referral": "the refer-a-friend programme",
    "finance": "rewards, liability, forecast, acquisition cost",
    "network": "who brings whom, and how far it goes",
    "trust": "signals, cases, decisions",
    "ops": "volumes, and what is usual",
}
#: What a name says of its unit (the naming rule of the specification): end of the name -> unit.
_UNITS = {"_usd": "USD", "_at": "UTC", "_hours": "hours", "_days": "days", "_share": "share, 0 to 1"}


@dataclass(frozen=True)
class Column:
    """One column of a table of gold."""

    name: str
    data_type: str
    description: str

    @property
    def unit(self) -> str:
        """The unit that the name says; empty when it says none."""
        return next((unit for end, unit in _UNITS.items() if self.name.endswith(end)), "")


@dataclass(frozen=True)
class Table:
    """One table of gold as its YAML describes it."""

    name: str
    folder: str
    description: str
    columns: tuple[Column, ...]


def tables() -> list[Table]:
    """Every table of gold, by folder in the order of ``FOLDERS``, then by name."""
    marts = MODELS / "marts"
    found = [
        _table(entry, file.parent.relative_to(marts).parts[0])
        for file in sorted(marts.rglob("_*.yml"))
        for entry in _yaml(file).get("models", [])
    ]
    order = list(FOLDERS)
    return sorted(found, key=lambda table: (order.index(table.folder), table.name))


def views_of_tables() -> dict[str, list[str]]:
    """Table -> names of the views that show it, as the exposures say."""
    shown: dict[str, list[str]] = {}
    for exposure in _yaml(MODELS / "exposures.yml")["exposures"]:
        for reference in exposure["depends_on"]:
            shown.setdefault(reference.removeprefix("ref('").removesuffix("')"), []).append(exposure["name"])
    return shown


def definitions_of(view: View) -> list[str]:
    """Keys of the definitions that a view shows, in the order of its code: its cards first, then its figures."""
    for page in sorted((APP / "pages").glob("*.py")):
        tree = ast.parse(page.read_text(encoding="utf-8"))
        if view.name in _views_named(tree):
            cards = [key for module in _components(tree) for key in _asked_for(module)]
            return list(dict.fromkeys([*cards, *_asked_for(tree)]))
    raise LookupError(f"No module of {APP / 'pages'} says VIEW = VIEWS[{view.name!r}].")


def page() -> str:
    """The page, in Markdown."""
    known, shown = tables(), views_of_tables()
    by_name = {table.name: table for table in known}
    lines = [
        "# Metrics and tables",
        "",
        "Written by `python -m reference` from `dash_app/definitions.py` and the descriptions in",
        "`include/dbt/models/marts/`; change those, not this page.",
        "",
        "The first part has every number of the web app: the sentence behind its (i), and the column of gold",
        "on which it rests. The second part has every table of gold: what one row is, every column, and which views",
        "read it. What the simulated world takes for granted is in [assumptions](assumptions.md), how the spec",
        "was read in [decision 0004](decisions/0004-readings-of-the-spec.md).",
        "",
        "## Contents",
        "",
    ]
    lines += [f"- {_link(view.title)}" for view in VIEWS.values()]
    for folder, about in FOLDERS.items():
        names = ", ".join(f"[{table.name}](#{anchor(table.name)})" for table in known if table.folder == folder)
        lines.append(f"- {_link(_heading(folder, about))}: {names}")
    for view in VIEWS.values():
        lines += ["", f"## {view.title}", "", "| number or figure | definition | rests on |", "|---|---|---|"]
        lines += [_defined(key, DEFINITIONS[key], by_name) for key in definitions_of(view)]
    for folder, about in FOLDERS.items():
        lines += ["", f"## {_heading(folder, about)}"]
        for table in known:
            if table.folder == folder:
                lines += _described(table, [VIEWS[name] for name in shown.get(table.name, [])])
    return "\n".join(lines) + "\n"


def _defined(key: str, definition: Definition, known: dict[str, Table]) -> str:
    table = known.get(definition.table)
    if table is None:  # of the pipeline's own records, which the snapshot carries beside gold
        return f"| {_words(key)} | {cell(definition.text)} | `ops.{definition.table}` |"
    rests = f"[{table.name}](#{anchor(table.name)})"
    if definition.column:
        said = next(column.description for column in table.columns if column.name == definition.column)
        rests = f"{rests}, `{definition.column}`: {cell(said)}"
    return f"| {_words(key)} | {cell(definition.text)} | {rests} |"


def _described(table: Table, views: Iterable[View]) -> list[str]:
    seen = ", ".join(_link(view.title) for view in views)
    return [
        "",
        f"### {table.name}",
        "",
        cell(table.description, in_table=False),
        "",
        f"Read by: {seen}."
        if seen
        else "No view reads it: it is there for other tables, checks, mails, or a question of one's own.",
        "",
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
        *(f"| `{c.name}` | {c.data_type} | {c.unit} | {cell(c.description)} |" for c in table.columns),
    ]


def _table(entry: dict[str, Any], folder: str) -> Table:
    columns = tuple(Column(one["name"], one["data_type"], one["description"]) for one in entry["columns"])
    return Table(entry["name"], folder, entry["description"], columns)


def _yaml(file: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def _heading(folder: str, about: str) -> str:
    return f"Tables of {folder}: {about}"


def _link(heading: str) -> str:
    return f"[{heading}](#{anchor(heading)})"


def _words(key: str) -> str:
    return key.replace("_", " ")


def _views_named(tree: ast.Module) -> Iterator[str]:
    """What a page's ``VIEW = VIEWS["name"]`` names."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["VIEW"]:
            yield from (str(part.value) for part in ast.walk(node.value) if isinstance(part, ast.Constant))


def _components(tree: ast.Module) -> Iterator[ast.Module]:
    """The modules of cards that a page imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("dash_app.components."):
            file = PROJECT_ROOT / f"{node.module.replace('.', '/')}.py"
            yield ast.parse(file.read_text(encoding="utf-8"))


def _asked_for(tree: ast.Module) -> Iterator[str]:
    """The definitions that a module asks for: ``means("key")`` or ``definitions.means(snapshot, "key")``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "means":
            yield from (str(given.value) for given in node.args if isinstance(given, ast.Constant))
