"""``docs/event_contract.md`` and a JSON Schema per event type, written from the contract of events.

``python -m include.contracts.event_contract`` writes them anew; commit what it writes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from include.contracts.event_types import EventType, MetadataKey, event_types, metadata_keys
from include.contracts.model import FOLDER, contract
from include.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "event_contract.md"
SCHEMAS = FOLDER / "event_schemas"
#: The part of the page that does not follow from a column or a type.
RULES = FOLDER / "event_rules.md"

_KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "minLength": 1},
    "id": {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"},
    "amount": {"type": ["number", "string"], "pattern": "^[0-9]+([.][0-9]+)?$"},
    "flag": {"enum": [True, False, 1, 0, "true", "false", "1", "0"]},
}
_COLUMNS: dict[str, dict[str, Any]] = {
    "event_id": {"type": "string", "minLength": 1},
    "user_id": {"type": "integer"},
    "event_at": {"type": "string", "format": "date-time"},
    "referral_id": {"type": "integer"},
}
_SAMPLE_COLUMNS = {"user_id": 4711, "event_at": "2026-03-10T14:05:09Z", "referral_id": 815}


def schema(event: EventType) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one event of the type, with ``metadata_json`` as an object."""
    table, keys = contract("events"), metadata_keys()
    properties: dict[str, Any] = {}
    for column in table.columns:
        rule = _COLUMNS.get(column.name, {})
        if column.name == "event_type":
            rule = {"const": event.name}
        elif column.is_json_object:
            rule = {
                "type": "object",
                "properties": {name: _key_schema(keys[name]) for name in event.metadata},
                "required": list(event.needed),
            }
        properties[column.name] = rule | {"description": column.description}
    required = list(table.required_names) + (["metadata_json"] if event.needed else [])
    document: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": event.name,
        "description": event.meaning,
        "type": "object",
        "properties": properties,
        "required": required,
    }
    if event.of_referral:
        by_code = {"properties": {"metadata_json": {"required": ["referral_code"]}}, "required": ["metadata_json"]}
        document["anyOf"] = [{"required": ["referral_id"]}, by_code]
    return document


def sample(event: EventType) -> dict[str, Any]:
    """One event of the type as a client would emit it."""
    names = [name for name in contract("events").column_names if name != "referral_id" or event.of_referral]
    fixed = _SAMPLE_COLUMNS | {
        "event_id": f"0c9e3c1a-{event.name}",
        "event_type": event.name,
        "metadata_json": {name: metadata_keys()[name].sample for name in event.metadata},
    }
    return {name: fixed[name] for name in names}


def page() -> str:
    """The page for the client's engineers, in Markdown."""
    lines = [
        "# How a client emits events",
        "",
        "Written by `python -m include.contracts.event_contract` from `events.yaml` and `event_rules.md` in",
        "`include/contracts/`; change those, not this page.",
        "A JSON Schema per event type, for checks in the client's own build, is in `include/contracts/event_schemas/`.",
        "",
        "## Columns",
        "",
        "| column | type | required | meaning |",
        "|---|---|---|---|",
    ]
    for column in contract("events").columns:
        needed = "yes" if column.required else "no"
        lines.append(f"| `{column.name}` | {column.type} | {needed} | {column.description} |")
    lines += [
        "",
        RULES.read_text(encoding="utf-8"),
        "## Metadata keys",
        "",
        "| key | kind | meaning |",
        "|---|---|---|",
    ]
    for key in metadata_keys().values():
        values = f" One of {', '.join(f'`{value}`' for value in key.values)}." if key.values else ""
        lines.append(f"| `{key.name}` | {key.kind} | {key.meaning}{values} |")
    lines += [
        "",
        'An id or an amount is a JSON number or the same as text; a flag is set by `true`, `1`, `"true"` or `"1"`.',
        "",
        "## Event types",
    ]
    for event in event_types():
        lines += ["", f"### {event.name}", "", event.meaning, ""]
        if event.needed:
            lines.append(f"Without {_code(event.needed)} in the metadata it loses its meaning.")
        if event.of_referral:
            lines.append("It names its referral by `referral_id`, or by `referral_code` in the metadata.")
        if event.needed or event.of_referral:
            lines.append("")
        lines += ["```json", json.dumps(sample(event)), "```"]
    return "\n".join(lines) + "\n"


def files() -> dict[Path, str]:
    """Every generated file with its content."""
    schemas = {
        SCHEMAS / f"{event.name}.schema.json": json.dumps(schema(event), indent=2) + "\n" for event in event_types()
    }
    return {PAGE: page(), **schemas}


def main() -> None:
    """Write the page and the schemas; a schema of a type that is no longer named goes."""
    SCHEMAS.mkdir(exist_ok=True)
    wanted = files()
    for file in set(SCHEMAS.glob("*.json")) - set(wanted):
        file.unlink()
    for file, text in wanted.items():
        file.write_text(text, encoding="utf-8")


def _key_schema(key: MetadataKey) -> dict[str, Any]:
    rule = {"enum": list(key.values)} if key.values else dict(_KINDS[key.kind])
    return rule | {"description": key.meaning}


def _code(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    main()
