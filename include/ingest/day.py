"""One landing day: what of it is new or changed, and its load in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from include.contracts import contract
from include.ingest import landing
from include.ingest.errors import FileRefused, IngestError
from include.ingest.landing import LandingFile, Measured
from include.ingest.records import FileKey, FileRecord
from include.ingest.report import FileReceipt
from include.ingest.stage import Staged, stage


@dataclass(frozen=True)
class DayPlan:
    """A complete day, measured and verified.

    ``changed`` are the files whose content is not what was last taken; ``again`` are unchanged files that are to be
    judged anew.
    """

    ds: date
    changed: list[Measured]
    listed_rows: dict[tuple[str, date, str], int]
    problems: list[str]
    again: list[Measured] = field(default_factory=list)


@dataclass(frozen=True)
class DayLoad:
    """What the load of one day did. ``warnings`` are in words."""

    load_id: int
    receipts: list[FileReceipt]
    warnings: list[str]


def plan_day(
    folder: Path, ds: date, known: dict[FileKey, FileRecord], again: Collection[FileKey] = frozenset()
) -> DayPlan:
    """Measure a day's files and hold them against its manifest; ``again`` names files to judge anew.

    Raises:
        IngestError: the manifest is unreadable.
    """
    found = [landing.measure(file) for file in landing.files_of_day(folder, ds)]
    listed: dict[tuple[str, date, str], dict[str, Any]] | None = landing.manifest(folder, ds)
    problems = []
    if listed is not None:
        problems = landing.misfits(folder, listed, found, {key: record.sha256 for key, record in known.items()})
    changed = [item for item in found if item.file.key not in known or known[item.file.key].sha256 != item.sha256]
    listed_rows = {key: int(entry["rows"]) for key, entry in (listed or {}).items() if "rows" in entry}
    anew = [item for item in found if item.file.key in again and item not in changed]
    return DayPlan(ds, changed, listed_rows, problems, anew)


@dataclass(frozen=True)
class StagedDay:
    """A day whose files were read on one connection, to which its rows belong, and are not in ``raw`` yet."""

    plan: DayPlan
    staged: list[tuple[Measured, Staged]]
    refused: list[tuple[Measured, str]]


def load_day(con: DuckDBPyConnection, plan: DayPlan, known: dict[FileKey, FileRecord]) -> DayLoad | None:
    """Read and write the changed files of a day: ``stage_day`` and ``write_day``, which say what they raise."""
    return write_day(con, stage_day(con, plan), known)


def stage_day(con: DuckDBPyConnection, plan: DayPlan) -> StagedDay:
    """Read the day's changed files, and of ``plan.again`` those that are judged otherwise than before.

    Raises:
        IngestError: a file's rows do not fit the manifest, or the database cannot take them.
    """
    day = StagedDay(plan, [], [])
    with _refusal_in_words(plan.ds):
        for number, item in enumerate([*plan.changed, *plan.again]):
            try:
                rows = stage(con, item.file, f"checked_rows_{number}")
            except FileRefused as refusal:
                if item not in plan.again or not is_judged_as_before(con, item, [(None, _whole_file(str(refusal)))]):
                    day.refused.append((item, str(refusal)))
            else:
                judged: list[tuple[int | None, str]] = [(broken.line, broken.reason) for broken in rows.quarantined]
                if item not in plan.again or not is_judged_as_before(con, item, judged):
                    day.staged.append((item, rows))
    if differing := rows_misfits(plan, [rows for _, rows in day.staged]):
        raise day_does_not_fit({plan.ds: differing})
    return day


def write_day(con: DuckDBPyConnection, day: StagedDay, known: dict[FileKey, FileRecord]) -> DayLoad | None:
    """Put a staged day into ``raw`` in one transaction, under one load id; a day without files is recorded too.

    ``con`` is the connection that read it. Returns None when there were files to judge anew, none of them was judged
    otherwise and no file has changed: nothing was written then.

    Raises:
        IngestError: the database cannot take the rows; nothing was loaded.
    """
    try:
        if day.plan.again and not day.staged and not day.refused:
            return None
        with _refusal_in_words(day.plan.ds):
            con.begin()
            try:
                load = _Load(con, day.plan.ds)
                for item, rows in day.staged:
                    load.take(item, rows, known.get(item.file.key))
                for item, reason in day.refused:
                    load.refuse(item, reason, known.get(item.file.key))
                load.record()
                con.commit()
            except BaseException:
                with suppress(duckdb.Error):  # a full disk may have ended the transaction, or the connection, already
                    con.rollback()
                raise
    finally:
        with suppress(duckdb.Error):
            for number in range(len(day.plan.changed) + len(day.plan.again)):
                con.execute(f"drop table if exists temp.checked_rows_{number}")
    return DayLoad(load.load_id, load.receipts, load.warnings)


@contextmanager
def _refusal_in_words(ds: date) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise IngestError(
            f"Landing day {ds} could not be written: {error}\nNothing of that day was loaded. "
            "Mend the cause (is the disk full?), then run again."
        ) from error


def is_judged_as_before(con: DuckDBPyConnection, item: Measured, judged: list[tuple[int | None, str]]) -> bool:
    """Whether these lines and reasons are what ``raw.quarantine`` has of the file."""
    before = con.execute(
        "select line, reasons from raw.quarantine where table_name = ? and ds = ? and file_name = ?", [*item.file.key]
    ).fetchall()
    return sorted(before, key=str) == sorted(judged, key=str)


def rows_misfits(plan: DayPlan, staged: list[Staged]) -> list[str]:
    """How the row counts of read files differ from the day's manifest: one line each."""
    return [
        f"{rows.file.label} has {rows.rows} rows, the manifest says {plan.listed_rows[rows.file.key]}"
        for rows in staged
        if rows.file.key in plan.listed_rows and plan.listed_rows[rows.file.key] != rows.rows
    ]


def day_does_not_fit(problems: dict[date, list[str]]) -> IngestError:
    """The error for days whose files are not those of their manifest."""
    listed = "\n".join(
        f"  landing day {ds}: {problem}" for ds, of_day in sorted(problems.items()) for problem in of_day
    )
    return IngestError(
        "The files of a landing day are not those of its manifest in landing/_SUCCESS; nothing of it was loaded:\n"
        f"{listed}\nLet the source deliver the day again, files first and _SUCCESS last, then run again."
    )


def _whole_file(reason: str) -> str:
    return f"whole file refused: {reason}"


class _Load:
    """The open transaction of one day."""

    def __init__(self, con: DuckDBPyConnection, ds: date) -> None:
        self.con = con
        self.ds = ds
        self.load_id: int = con.execute("select coalesce(max(load_id), 0) + 1 from ops.loads").fetchall()[0][0]
        self.loaded_at = datetime.now(UTC).replace(tzinfo=None)
        self.receipts: list[FileReceipt] = []
        self.warnings: list[str] = []

    def take(self, item: Measured, staged: Staged, before: FileRecord | None) -> None:
        """Put a staged file into ``raw``, in the place of its earlier version."""
        file = item.file
        withdrawn = self._withdraw(file, before)
        columns = ", ".join(contract(file.table).column_names)
        loaded = self.con.execute(
            f"insert into raw.{file.table} ({columns}, _ds, _file, _line, _load_id, _loaded_at, _extra)"
            f" select {columns}, ?, ?, _line, ?, ?, _extra from temp.{staged.relation} where _reasons = ''",
            [file.ds, file.name, self.load_id, self.loaded_at],
        ).fetchall()[0][0]
        if loaded + len(staged.quarantined) != staged.rows:
            raise IngestError(
                f"{file.label}: of {staged.rows} rows {loaded} were loaded, {len(staged.quarantined)} quarantined."
                " This is a fault of the ingest, not of the file; nothing of the day was loaded."
            )
        self._quarantine(file, [(broken.line, broken.reason, broken.raw) for broken in staged.quarantined])
        self._remember(item, "loaded", None, staged)
        self._note_drift(file, staged.extra_columns)
        if withdrawn:
            self.warnings.append(f"{file.label} has changed: its {withdrawn:,} rows were replaced by {loaded:,}.")
        if staged.rows:
            self._note_copies(item)
        self.receipts.append(FileReceipt.of(staged))

    def refuse(self, item: Measured, reason: str, before: FileRecord | None) -> None:
        """Record a file that cannot be taken. Rows of its earlier version go: ``raw`` follows the landing zone."""
        withdrawn = self._withdraw(item.file, before)
        self._quarantine(item.file, [(None, _whole_file(reason), None)])
        self._remember(item, "refused", reason, None)
        if withdrawn:
            self.warnings.append(
                f"{item.file.label} was good before; its {withdrawn:,} rows are in raw.superseded until it is mended."
            )
        self.receipts.append(FileReceipt(item.file.label, "refused", refusal=reason))

    def record(self) -> None:
        """Record the load itself."""
        self.con.execute("delete from ops.landing_days where ds = ?", [self.ds])
        self.con.execute("insert into ops.landing_days values (?, ?, ?)", [self.ds, self.load_id, self.loaded_at])
        self.con.execute(
            "insert into ops.loads values (?, ?, ?, ?, ?, ?)",
            [
                self.load_id,
                self.ds,
                self.loaded_at,
                len(self.receipts),
                sum(receipt.rows_loaded for receipt in self.receipts),
                sum(receipt.rows_quarantined for receipt in self.receipts),
            ],
        )

    def _withdraw(self, file: LandingFile, before: FileRecord | None) -> int:
        """Move the rows of the file's earlier version to ``raw.superseded``; returns how many they were."""
        if before is None:
            return 0
        texts = ", ".join(f"{name} := cast({name} as varchar)" for name in contract(file.table).column_names)
        where = "where _ds = ? and _file = ?"
        withdrawn = self.con.execute(
            "insert into raw.superseded (table_name, ds, file_name, line, row_json, superseded_by_load_id)"
            f" select ?, _ds, _file, _line, to_json(struct_pack({texts})), ? from raw.{file.table} {where}"
            " order by _line",
            [file.table, self.load_id, file.ds, file.name],
        ).fetchall()[0][0]
        self.con.execute(f"delete from raw.{file.table} {where}", [file.ds, file.name])
        self.con.execute("delete from raw.quarantine where table_name = ? and ds = ? and file_name = ?", [*file.key])
        return withdrawn

    def _quarantine(self, file: LandingFile, rows: list[tuple[int | None, str, str | None]]) -> None:
        if not rows:
            return
        lines, reasons, raw_rows = zip(*sorted(rows, key=lambda row: row[0] or 0), strict=True)
        quarantined = pa.table(
            {
                "line": pa.array(lines, pa.int64()),
                "reasons": pa.array(reasons),
                "raw_row": pa.array(raw_rows, pa.string()),
            }
        )
        self.con.register("quarantined_rows", quarantined)
        self.con.execute(
            "insert into raw.quarantine (table_name, ds, file_name, line, reasons, raw_row, _load_id, _loaded_at)"
            " select ?, ?, ?, line, reasons, raw_row, ?, ? from quarantined_rows",
            [*file.key, self.load_id, self.loaded_at],
        )
        self.con.unregister("quarantined_rows")

    def _remember(self, item: Measured, state: str, reason: str | None, staged: Staged | None) -> None:
        self.con.execute(
            "delete from ops.landing_files where table_name = ? and ds = ? and file_name = ?", [*item.file.key]
        )
        self.con.execute(
            "insert into ops.landing_files (table_name, ds, file_name, bytes, sha256, modified_ns, row_count,"
            " rows_loaded, rows_quarantined, load_id, loaded_at, state, reason)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *item.file.key,
                item.bytes,
                item.sha256,
                item.modified_ns,
                staged.rows if staged else None,
                staged.rows_to_load if staged else 0,
                len(staged.quarantined) if staged else 0,
                self.load_id,
                self.loaded_at,
                state,
                reason,
            ],
        )

    def _note_drift(self, file: LandingFile, extra_columns: list[str]) -> None:
        """Record and report columns that no contract names, each once for its table."""
        if not extra_columns:
            return
        noted = {
            name
            for (name,) in self.con.execute(
                "select column_name from ops.schema_drift where table_name = ?", [file.table]
            ).fetchall()
        }
        new = [name for name in extra_columns if name not in noted]
        for name in new:
            self.con.execute(
                "insert into ops.schema_drift values (?, ?, ?, ?, ?)",
                [file.table, name, file.ds, file.name, self.load_id],
            )
        if new:
            self.warnings.append(
                f"Schema drift: {file.label} has the columns {', '.join(map(repr, new))}, which the contract "
                f"include/contracts/{file.table}.yaml does not name. They are kept in raw.{file.table}._extra."
            )

    def _note_copies(self, item: Measured) -> None:
        """Report content that came before. A dimension may well come unchanged, under the same name, on another day."""
        file = item.file
        copies = self.con.execute(
            "select file_name, ds from ops.landing_files where table_name = ? and sha256 = ? and state = 'loaded'"
            " and (file_name, ds) <> (?, ?) and (file_name <> ? or ?) order by ds, file_name limit 1",
            [file.table, item.sha256, file.name, file.ds, file.name, contract(file.table).landing == "append"],
        ).fetchall()
        for name, ds in copies:
            self.warnings.append(
                f"{file.label} has the same content as {file.table}/ds={ds}/{name}; loaded, its ids make one row each."
            )
