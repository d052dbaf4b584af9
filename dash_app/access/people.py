"""The file of people: who may log in, in which groups they are, and which groups may see what.

TOML::

    [limits]                      # what is not named here is for everybody who may log in
    trust = ["trust"]             # a view, with its files
    decisions = ["trust-lead"]    # taking decisions in Trust & Safety

    [people.ann]
    password = "scrypt:…"         # made by python -m dash_app.access
    groups = ["trust", "trust-lead"]
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_login import UserMixin

from dash_app.access.settings import AccessError
from dash_app.views import VIEWS

#: Limit of who takes decisions in Trust & Safety.
DECISIONS = "decisions"
LIMITS = (*VIEWS, DECISIONS)


@dataclass(frozen=True)
class Person(UserMixin):
    """Somebody who may come in."""

    name: str
    groups: frozenset[str] = frozenset()
    password: str = field(default="", repr=False)
    """The hash of the password; empty for one whom a proxy names."""

    def get_id(self) -> str:
        """What a session holds: a new password ends the sessions of the old one."""
        return f"{self.name}|{hashlib.sha256(self.password.encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class Directory:
    """Everybody, and the limits."""

    people: dict[str, Person] = field(default_factory=dict)
    limits: dict[str, frozenset[str]] = field(default_factory=dict)

    def may(self, person: Person, what: str) -> bool:
        """Whether ``person`` may see the view ``what``, or take decisions."""
        allowed = self.limits.get(what)
        return allowed is None or bool(allowed & person.groups)


def read(file: Path) -> Directory:
    """The directory a file holds.

    Raises:
        AccessError: the file is missing, is no TOML, or names what there is not.
    """
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise AccessError(f"The file of people {file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AccessError(f"The file of people {file} is no TOML: {error}.") from error
    limits = _table(found, "limits", file)
    if unknown := sorted(set(limits) - set(LIMITS)):
        raise AccessError(f"{file} limits {', '.join(unknown)}, which there is not. There are: {', '.join(LIMITS)}.")
    people = {
        name: Person(name, _names(entry, "groups", f"people.{name}", file), str(entry.get("password", "")))
        for name, entry in _table(found, "people", file).items()
    }
    return Directory(people, {what: _names(limits, what, "limits", file) for what in limits})


def _table(found: dict[str, Any], key: str, file: Path) -> dict[str, Any]:
    table = found.get(key, {})
    if not isinstance(table, dict) or (key == "people" and not all(isinstance(row, dict) for row in table.values())):
        raise AccessError(f"{file}: “{key}” is not a table of TOML.")
    return table


def _names(entry: dict[str, Any], key: str, where: str, file: Path) -> frozenset[str]:
    names = entry.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise AccessError(f"{file}: {key} of [{where}] is not a list of names.")
    return frozenset(names)


class Watched:
    """The directory of a file that people change while the app runs; a broken change is refused, not followed."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._directory = Directory()

    def now(self) -> Directory:
        """The directory as the file says it now.

        Raises:
            AccessError: it cannot be read; nobody is let in by what it said before.
        """
        if self._file is None:
            return self._directory
        try:
            status = self._file.stat()
        except OSError as error:
            raise AccessError(f"The file of people {self._file} cannot be read: {error.strerror}.") from error
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._stamp:
            self._directory = read(self._file)
            self._stamp = stamp
        return self._directory
