"""The way back from a backup. What it replaces is put aside, never removed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from include.housekeeping.back_up import SIDE_FILES
from include.housekeeping.backups import DATABASE, METADATA, Backup, now
from include.housekeeping.disk import make_durable, megabytes, require_free
from include.housekeeping.errors import HousekeepingError
from include.ingest.landing import complete_days
from include.serving.publish import publish
from include.settings import Paths
from include.warehouse import WarehouseError, connect


@dataclass
class Restored:
    """What a restore did. ``aside`` is where the old warehouse lies now; ``kept`` are files that were there already."""

    backup: Backup
    aside: Path | None = None
    kept: list[str] = field(default_factory=list)
    next_command: str | None = None

    def text(self) -> str:
        """The report and what to do next, for a person."""
        backup = self.backup
        lines = [
            f"Restored {backup.name}: {len(backup.tables)} tables, {megabytes(backup.bytes)}, "
            f"landing days up to {backup.newest_day}."
        ]
        if self.aside:
            lines.append(f"The warehouse that was there lies in {self.aside}; remove it when you do not miss it.")
        lines += [f"{name} was there and stays; the backup's is in {backup.folder / name}." for name in self.kept]
        if self.next_command:
            lines.append(f"Next, load and publish what has landed since: {self.next_command}")
        if METADATA in backup.files:
            lines.append(f"Airflow's database is apart: python -m embedded.restore_metadata {backup.folder}")
        return "\n".join(lines)


def restore(backup: Backup, paths: Paths, *, force: bool = False) -> Restored:
    """Make the warehouse what it was when the backup was made; bring back what else is absent.

    Killed at any moment, the warehouse is the old one or the backup's; run again to finish.

    Raises:
        HousekeepingError: the backup is damaged, the servers run, there is no room, or the warehouse has loads that
            the backup does not know (``force`` puts it aside all the same).
        WarehouseError: another process holds the warehouse.
    """
    backup.require_intact()
    restored = Restored(backup)
    with _servers_kept_away(paths):
        paths.warehouse.parent.mkdir(parents=True, exist_ok=True)
        require_free(paths.warehouse.parent, backup.bytes, "the restored warehouse")
        if paths.warehouse.exists():
            _refuse_newer(backup, paths, force)
        arriving = paths.warehouse.with_name(f".restoring-{DATABASE}")
        shutil.copyfile(backup.folder / DATABASE, arriving)
        make_durable(arriving)
        restored.aside = _put_aside(paths.warehouse)
        arriving.replace(paths.warehouse)
        make_durable(paths.warehouse.parent)
        for name in SIDE_FILES:
            if (backup.folder / name).exists() and not _bring_back(backup.folder / name, paths.root / name):
                restored.kept.append(name)
    newest = max(complete_days(paths.landing), default=None)
    if newest and backup.newest_day and newest > backup.newest_day:
        restored.next_command = (
            f"python -m include.pipeline run --source landing --start {backup.newest_day} --end {newest}"
        )
    return restored


def publish_when_nothing_is(paths: Paths) -> Path | None:
    """Publish what the restored warehouse holds when readers have nothing, as on a new machine; None when they have.

    Raises PublishRefused when the warehouse was backed up between a load and its build: the next run publishes then.
    """
    if paths.current.exists():
        return None
    with connect(paths, read_only=True) as con:
        newest = con.execute(
            "select build_id from ops.good_builds order by covered_load_id desc, as_of desc limit 1"
        ).fetchone()
    return publish(newest[0], paths) if newest else None


@contextmanager
def _servers_kept_away(paths: Paths) -> Iterator[None]:
    """Hold the lock under which the servers of a data root run; they can then neither run nor start."""
    lock = paths.root / "run" / "up.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout:
        raise HousekeepingError(
            f"The servers of {paths.root} run. End them with `make stop`, then restore. Nothing was changed."
        ) from None


def _refuse_newer(backup: Backup, paths: Paths, force: bool) -> None:
    """Make sure that nobody has the warehouse open, and that nobody wants to keep it."""
    try:
        with connect(paths, wait_seconds=5) as con:
            newest_day, newest_load = con.execute(
                "select max(ds), coalesce(max(load_id), 0) from ops.landing_days"
            ).fetchall()[0]
    except WarehouseError as error:
        if "is held by process" in str(error):
            raise
        return  # it cannot be opened: that is why somebody restores
    if newest_load > backup.newest_load and not force:
        raise HousekeepingError(
            f"The warehouse {paths.warehouse} has {newest_load - backup.newest_load} loads more than the backup "
            f"{backup.name}, up to landing day {newest_day}. To go back all the same, with that warehouse put aside, "
            "add --force. Nothing was changed."
        )


def _put_aside(warehouse: Path) -> Path | None:
    """A second name for the old file, and its log moved away: the log of one database must not meet another's file.

    Returns the folder where they are, None when there is neither.
    """
    log = warehouse.with_name(f"{warehouse.name}.wal")
    if not warehouse.exists() and not log.exists():
        return None
    folder = Path(tempfile.mkdtemp(prefix=f"replaced-{now():%Y-%m-%dT%H%M%SZ}-", dir=warehouse.parent))
    if warehouse.exists():
        os.link(warehouse, folder / warehouse.name)
    if log.exists():
        log.rename(folder / log.name)
    make_durable(folder)
    return folder


def _bring_back(source: Path, target: Path) -> bool:
    """Copy a file or folder that is absent; False when it is there. An empty folder is absent: it may be a mount."""
    arriving = f".restoring-{target.name}"
    if source.is_dir() and target.is_dir() and ((target / arriving).is_dir() or not any(target.iterdir())):
        _fill_mount(source, target, target / arriving)
        return True
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(arriving)
    if source.is_dir():
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(source, beside)
    else:
        shutil.copy2(source, beside)
    beside.rename(target)
    return True


def _fill_mount(source: Path, mount: Path, arriving: Path) -> None:
    """Copy into a folder that cannot be renamed, part by part, each whole before it shows.

    ``arriving`` is in it from before the first part until after the last: it tells of a restore that did not end, and
    is what the next one goes on from.
    """
    arriving.mkdir(exist_ok=True)
    whole = Path(tempfile.mkdtemp(dir=arriving))
    shutil.copytree(source, whole, dirs_exist_ok=True)
    for part in whole.iterdir():
        if not (mount / part.name).exists():
            part.rename(mount / part.name)
    shutil.rmtree(arriving)
