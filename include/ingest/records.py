"""What the warehouse remembers of landing files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

if TYPE_CHECKING:
    from include.ingest.archive import Archive

FileKey = tuple[str, date, str]


@dataclass(frozen=True)
class FileRecord:
    """One file as it was last taken or refused."""

    bytes: int
    sha256: str
    modified_ns: int
    state: str
    is_missing: bool


def known_files(con: DuckDBPyConnection) -> dict[FileKey, FileRecord]:
    """Every file on record by table, landing day and name."""
    return {
        (table, ds, name): FileRecord(*rest)
        for table, ds, name, *rest in con.execute(
            "select table_name, ds, file_name, bytes, sha256, modified_ns, state, missing_since is not null"
            " from ops.landing_files"
        ).fetchall()
    }


def note_missing(
    con: DuckDBPyConnection, landing: Path, known: dict[FileKey, FileRecord], archive: Archive
) -> list[str]:
    """Mark files that have gone since they were loaded, and those that are back; returns warnings of the newly gone.

    A file in the archive has not gone.
    """
    warnings = []
    now = datetime.now(UTC).replace(tzinfo=None)
    where = "where table_name = ? and ds = ? and file_name = ?"
    for (table, ds, name), record in sorted(known.items()):
        is_there = (landing / table / f"ds={ds}" / name).exists() or archive.holds((table, ds, name))
        if is_there == record.is_missing:
            con.execute(
                f"update ops.landing_files set missing_since = ? {where}", [None if is_there else now, table, ds, name]
            )
        if not is_there and not record.is_missing:
            fate = "its rows stay" if record.state == "loaded" else "it had been refused"
            warnings.append(f"{table}/ds={ds}/{name} has disappeared from the landing zone; {fate}.")
    return warnings
