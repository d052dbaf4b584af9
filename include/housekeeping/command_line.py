"""The commands of ``python -m include.pipeline`` that keep house: backup, restore, archive."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from include.errors import CartonCapsError

if TYPE_CHECKING:
    from include.settings import Paths


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add them to the pipeline's parser."""
    for name, text in (
        (
            "backup",
            "copy the warehouse, the alerts' state, the keys and, where its address is known, Airflow's database",
        ),
        ("restore", "bring a backup back; the warehouse that is there is put aside"),
        ("archive", "old landing days into the archive, or back"),
    ):
        commands.add_parser(name, help=text, description=text)
    restore = commands.choices["restore"]
    restore.add_argument("backup", nargs="?", metavar="BACKUP", help="name, folder or `newest`; without it: list them")
    restore.add_argument("--force", action="store_true", help="put a warehouse aside that has newer loads")
    actions = commands.choices["archive"].add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("landing", help="move the landing days that are old enough into the archive")
    back = actions.add_parser("restore", help="bring archived landing days back into the landing folder")
    for flag, text in (("--start", "first landing day"), ("--end", "last landing day")):
        back.add_argument(flag, type=date.fromisoformat, required=True, metavar="YYYY-MM-DD", help=text)


def answer(arguments: argparse.Namespace, paths: Paths) -> str:
    """Run one of them and return what to print. Raises CartonCapsError with what went wrong and what to do."""
    # here, not above: `run` has no use for any of it
    from include.housekeeping.archive_landing import archive_landing
    from include.housekeeping.archive_restore import restore_landing
    from include.housekeeping.back_up import back_up
    from include.housekeeping.limits import load_limits

    match arguments.command, getattr(arguments, "action", None):
        case "backup", _:
            return f"Backed up: {back_up(paths, load_limits()).text()}"
        case "restore", _:
            return _restore(arguments, paths)
        case "archive", "landing":
            return archive_landing(paths, load_limits()).text()
        case "archive", "restore":
            return restore_landing(arguments.start, arguments.end, paths).text()
    raise CartonCapsError(f"There is no command {arguments.command}.")


def _restore(arguments: argparse.Namespace, paths: Paths) -> str:
    from include.housekeeping.backups import backups, find_backup
    from include.housekeeping.restore import publish_when_nothing_is, restore

    if arguments.backup is None:
        there = [backup.text() for backup in backups(paths)]
        return "\n".join(there) or f"No backup in {paths.backup}. Make one: python -m include.pipeline backup"
    text = restore(find_backup(arguments.backup, paths), paths, force=arguments.force).text()
    try:
        published = publish_when_nothing_is(paths)
    except CartonCapsError as error:
        return f"{text}\nNothing is published yet: {error}"
    return f"{text}\nPublished   {published.name}" if published else text
