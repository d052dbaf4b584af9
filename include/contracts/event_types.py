"""The event types and metadata keys that have a meaning, read from the contract of events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from include.contracts.model import custom_properties, document


@dataclass(frozen=True)
class MetadataKey:
    """A key of ``metadata_json``. ``kind`` is text, id, amount or flag; ``values`` is empty when any value is fine."""

    name: str
    kind: str
    meaning: str
    sample: str | int | float | bool
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventType:
    """An event type: the metadata keys to send with it, and those of them without which it loses its meaning.

    ``of_referral``: it belongs to a referral, named by ``referral_id`` or by the metadata's ``referral_code``.
    """

    name: str
    meaning: str
    metadata: tuple[str, ...]
    needed: tuple[str, ...]
    of_referral: bool = False


@cache
def event_types() -> tuple[EventType, ...]:
    """Every known event type, in the order of the contract."""
    return tuple(
        EventType(
            entry["name"],
            entry["meaning"],
            tuple(entry["metadata"]),
            tuple(entry["needed"]),
            bool(entry.get("referral", False)),
        )
        for entry in _entries("event_type", "eventTypes")
    )


@cache
def metadata_keys() -> dict[str, MetadataKey]:
    """Every metadata key with a meaning, by name."""
    return {
        entry["name"]: MetadataKey(
            entry["name"], entry["kind"], entry["meaning"], entry["sample"], tuple(entry.get("values", ()))
        )
        for entry in _entries("metadata_json", "metadataKeys")
    }


def _entries(column: str, custom_property: str) -> list[dict[str, Any]]:
    (table,) = document("events").schema_ or []
    (found,) = (prop for prop in table.properties or [] if prop.name == column)
    return custom_properties(found.customProperties)[custom_property]
