"""Landing days before the loaded range that are no longer what was loaded, with the command that loads them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from include.ingest.archive import Archive
from include.ingest.days import span, stretches
from include.ingest.landing import complete_days, files_of_day, measure
from include.ingest.records import FileKey, FileRecord


def note_changed_days(
    con: DuckDBPyConnection, landing: Path, start: date, known: dict[FileKey, FileRecord], archive: Archive
) -> list[str]:
    """Make ``ops.changed_days`` anew; returns a warning per unbroken run of changed days.

    A file counts as changed when its size or content differs from what was taken; contents are compared only where the
    time of modification differs, so that a long history costs a look at its folders.
    """
    loaded = {ds for (ds,) in con.execute("select ds from ops.landing_days").fetchall()}
    archived = set(archive.days())
    changed = {}
    for ds in complete_days(landing):
        if ds >= start:
            break
        files = _changed_files(landing, ds, known)
        if files or ds not in loaded:
            changed[ds] = files or [f"the whole day, {'archived' if ds in archived else 'without files'}"]
    con.execute("delete from ops.changed_days")
    now = datetime.now(UTC).replace(tzinfo=None)
    for ds, files in changed.items():
        con.execute("insert into ops.changed_days values (?, ?, ?, ?)", [ds, "; ".join(files), _command(ds, ds), now])
    return [
        f"{span(first, last)}: not as loaded, and older than this load looks ({_shown(changed[first])}). "
        f"Load: {_command(first, last)}"
        for first, last in stretches(changed)
    ]


def _changed_files(landing: Path, ds: date, known: dict[FileKey, FileRecord]) -> list[str]:
    changed = []
    for file in files_of_day(landing, ds):
        record = known.get(file.key)
        if record is None:
            changed.append(f"{file.table}/{file.name} is new")
            continue
        status = file.path.stat()
        is_touched = status.st_mtime_ns != record.modified_ns or status.st_size != record.bytes
        if is_touched and measure(file).sha256 != record.sha256:
            changed.append(f"{file.table}/{file.name} has changed")
    return changed


def _command(start: date, end: date) -> str:
    return f"python -m include.pipeline reprocess --start {start} --end {end}"


def _shown(files: list[str]) -> str:
    return "; ".join(files[:3]) + (f"; and {len(files) - 3} more" if len(files) > 3 else "")
