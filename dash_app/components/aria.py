"""Attributes for assistive technology, whose names are no Python names."""

from __future__ import annotations

from typing import Any


def aria(**attributes: str) -> dict[str, Any]:
    """``**aria(label="Filters")`` is the attribute ``aria-label``."""
    return {f"aria-{name}": value for name, value in attributes.items()}
