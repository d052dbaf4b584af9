"""Files that vouch for themselves: the SHA-256 of their bytes stands in their name, and no manifest need list them."""

from __future__ import annotations

import hashlib
import re

#: Tables of which such files are taken: they are written one decision at a time, by people, while a day is under way.
SEALED_TABLES = frozenset({"review_decisions"})

_SEALED = re.compile(r"[^.].*\.([0-9a-f]{64})\.csv")


def sealed_name(stem: str, content: bytes) -> str:
    """The name of a file with that content: ``<stem>.<sha256>.csv``. Another content has another name."""
    return f"{stem}.{hashlib.sha256(content).hexdigest()}.csv"


def seal_of(table: str, name: str) -> str | None:
    """The SHA-256, in hex, that the bytes of the file must have; None for a file that a manifest must vouch for."""
    found = _SEALED.fullmatch(name) if table in SEALED_TABLES else None
    return found[1] if found else None
