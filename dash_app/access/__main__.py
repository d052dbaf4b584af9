"""``python -m dash_app.access --file FILE add NAME --group G``: the entry of a person, with the password hashed."""

from __future__ import annotations

import argparse
import getpass
import json
import re
import sys
from pathlib import Path

from werkzeug.security import generate_password_hash

from dash_app.access.people import read
from dash_app.access.settings import AccessError

SHORTEST_PASSWORD = 12
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")


def main(arguments: list[str] | None = None) -> int:
    """Add a person to the file, or check it."""
    parser = argparse.ArgumentParser(prog="python -m dash_app.access", description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="the file of people, CARTON_ACCESS_FILE")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add a person; asks for the password, or reads it from standard input")
    add.add_argument("name")
    add.add_argument("--group", action="append", default=[], help="a group of theirs; may be given more than once")
    commands.add_parser("check", help="read the file and say who is in it")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "add":
            add_person(asked.file, asked.name, asked.group, _password())
        directory = read(asked.file)
    except AccessError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for person in directory.people.values():
        sys.stdout.write(f"{person.name}: {', '.join(sorted(person.groups)) or 'no group'}\n")
    return 0


def add_person(file: Path, name: str, groups: list[str], password: str) -> None:
    """Append a person to the file, made when there is none, for its owner only.

    Raises:
        AccessError: the name or password is none, or the file has the name already.
    """
    if not _NAME.fullmatch(name):
        raise AccessError(f"“{name}” is no name: letters, digits and . _ @ -, at most 64, the first a letter or digit.")
    if len(password) < SHORTEST_PASSWORD:
        raise AccessError(f"The password has {len(password)} characters; at least {SHORTEST_PASSWORD} are needed.")
    if file.exists() and name in read(file).people:
        raise AccessError(f"{file} has {name} already. Take the entry out first, to give another password.")
    file.touch(mode=0o600)
    with file.open("a", encoding="utf-8") as people:
        people.write(
            f'\n[people."{name}"]\npassword = "{generate_password_hash(password)}"\ngroups = {json.dumps(groups)}\n'
        )


def _password() -> str:
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


if __name__ == "__main__":
    sys.exit(main())
