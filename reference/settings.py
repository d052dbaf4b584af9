"""``docs/settings.md``: every environment variable, then every number on which a check or a limit decides.

Variables stand in ``include/settings_list.py``, thresholds in ``dbt_project.yml``, limits in ``limits.yaml``; where a
variable is read is found in the code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from include.settings import PROJECT_ROOT
from include.settings_list import GROUPS, SETTINGS, Setting
from reference.markdown import anchor, cell

_ROOMS = ("include", "dags", "dash_app", "embedded", "deploy", "bench", "tests")
#: What reads variables and is no Python, with the form in which it does.
_OTHERS = {
    "Makefile": r"\$\((CARTON_\w+)\)",
    "Procfile": r"\$(CARTON_\w+)",
    "docker-compose.yaml": r"\$\{(CARTON_\w+)",
    "include/dbt/profiles.yml": r"env_var\('(CARTON_\w+)'",
}
#: These declare, hand over or invent values; they read none.
_NO_READERS = {"include/settings_list.py", "deploy/new_env.py"}


def readers() -> dict[str, list[str]]:
    """Variable -> files that read it, of the project's own code; tests only where nothing else does."""
    found: dict[str, list[str]] = {}
    for file in sorted(_python_files()):
        for name in sorted(set(_named_in(file))):
            found.setdefault(name, []).append(file.relative_to(PROJECT_ROOT).as_posix())
    for path, form in _OTHERS.items():
        for name in sorted(set(re.findall(form, (PROJECT_ROOT / path).read_text(encoding="utf-8")))):
            found.setdefault(name, []).append(path)
    return {name: [file for file in files if not file.startswith("tests/")] or files for name, files in found.items()}


def page() -> str:
    """The page, in Markdown."""
    read = readers()
    lines = [
        "# Settings",
        "",
        "Written by `python -m reference` from `include/settings_list.py`, `include/dbt/dbt_project.yml` and",
        "`include/housekeeping/limits.yaml`; change those, not this page.",
        "",
        "Every setting is an environment variable. One that is empty counts as not set. `make run` and the pipeline",
        "read the environment of the shell that starts them. In a team's installation `.env` takes its place, for the",
        "variables that name `docker-compose.yaml` as a reader, and for no other. Settings of Airflow",
        "are made by `embedded/` and `deploy/`: variables named `AIRFLOW_*` of the shell are ignored.",
        "",
        "## Contents",
        "",
        *(f"- [{_title(group)}](#{anchor(_title(group))})" for group in (*GROUPS, "thresholds", "limits", "policy")),
    ]
    for group, about in GROUPS.items():
        lines += [
            "",
            f"## {_title(group)}",
            "",
            about,
            "",
            "| variable | default | what it does | read in |",
            "|---|---|---|---|",
        ]
        lines += [_row(setting, read[setting.name]) for setting in SETTINGS.values() if setting.group == group]
    lines += _thresholds() + _limits()
    lines += [
        "",
        f"## {_title('policy')}",
        "",
        "The programme's numbers (hours, days, bonuses, the value of a point, targets, points of the trust score) are",
        "no settings but data: the seeds in `include/dbt/seeds/`. A change of them wants a full refresh.",
    ]
    return "\n".join(lines) + "\n"


def _row(setting: Setting, files: list[str]) -> str:
    held = f"`{setting.default}`" if setting.default else setting.otherwise
    does = f"{setting.does} A secret." if setting.is_secret else setting.does
    return f"| `{setting.name}` | {cell(held)} | {cell(does)} | {', '.join(f'`{file}`' for file in files)} |"


def _thresholds() -> list[str]:
    known: dict[str, Any] = _yaml("include/dbt/dbt_project.yml")["vars"]["thresholds"]
    return [
        "",
        f"## {_title('thresholds')}",
        "",
        "On what the checks decide ([decision 0009](decisions/0009-thresholds-stand-in-dbt-project.md)). Change one in",
        "`include/dbt/dbt_project.yml`; `python -m include.pipeline evaluate anomalies` shows what a change does.",
        "",
        "| threshold | value | reason |",
        "|---|---|---|",
        *(f"| `{name}` | {one['value']} | {cell(one['reason'])} |" for name, one in known.items()),
    ]


def _limits() -> list[str]:
    known = _yaml("include/housekeeping/limits.yaml")
    lines = [
        "",
        f"## {_title('limits')}",
        "",
        "How long things are kept. Change one in `include/housekeeping/limits.yaml`; the next night follows it.",
        "",
        "| what | limit | reason |",
        "|---|---|---|",
    ]
    for name, one in known.items():
        if isinstance(one, dict):
            lines.append(f"| `{name}` | {one['value']} | {cell(one['reason'])} |")
            continue
        for part in one:
            what = f"{part['below']}/{part['pattern']}" if "below" in part else part["file"]
            limit = f"{part['days']} days" if "days" in part else f"{part['megabytes']} MB"
            lines.append(f"| `{what}` | {limit} | {cell(part['reason'])} |")
    return lines


def _title(group: str) -> str:
    return {
        "places": "Places",
        "servers": "Servers and addresses",
        "build": "Builds and deadlines",
        "mail": "Mail",
        "access": "Access to the web app",
        "simulator": "The simulator",
        "team": "A team's installation",
        "development": "Development",
        "thresholds": "Thresholds of checks",
        "limits": "Limits of what is kept",
        "policy": "Policy",
    }[group]


def _yaml(path: str) -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT_ROOT / path).read_text(encoding="utf-8")))


def _python_files() -> Iterator[Path]:
    for room in _ROOMS:
        for file in (PROJECT_ROOT / room).rglob("*.py"):
            if file.relative_to(PROJECT_ROOT).as_posix() not in _NO_READERS:
                yield file


def _named_in(file: Path) -> Iterator[str]:
    """Variables that a file reads: a text that is such a name, but for keys of a mapping, which hand one over."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    handed_over: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            handed_over |= {id(key) for key in node.keys}
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            handed_over.add(id(node.slice))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in handed_over:
            yield from re.findall(r"^CARTON_[A-Z_]+$", str(node.value))
