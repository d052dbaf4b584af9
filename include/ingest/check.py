"""The contracts held against a landing folder, without a warehouse: a report, and nothing loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from include.contracts import TABLES
from include.ingest import landing
from include.ingest.day import plan_day, rows_misfits
from include.ingest.errors import FileRefused, IngestError
from include.ingest.report import FileReceipt
from include.ingest.stage import Staged, stage


@dataclass
class CheckReport:
    """What a load of the folder would meet. ``problems`` stop a whole day; ``notes`` stop nothing."""

    files: list[FileReceipt] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """True when every file of every day would load whole."""
        return not self.problems and not any(file.state == "refused" or file.rows_quarantined for file in self.files)

    def text(self) -> str:
        """The report for a person, file by file."""
        rows = sum(file.rows_loaded for file in self.files)
        quarantined = sum(file.rows_quarantined for file in self.files)
        refused = sum(file.state == "refused" for file in self.files)
        lines = [
            f"Checked {len(self.files)} files: {rows:,} rows keep their contract, {quarantined:,} would go to"
            f" quarantine, {refused} files would be refused. Nothing was loaded."
        ]
        for file in self.files:
            lines += file.lines()
        lines += [f"! {problem}" for problem in self.problems]
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)


def check(folder: Path) -> CheckReport:
    """Hold every file of a landing folder (``<table>/ds=YYYY-MM-DD/...``) against its contract and its day's manifest.

    Raises:
        IngestError: the folder holds no landing file.
    """
    root = folder / "landing" if (folder / "landing").is_dir() else folder
    days = sorted({day for table in TABLES for day in _days(root / table)} | set(landing.complete_days(root)))
    if not days:
        raise IngestError(
            f"{folder} is no landing folder: there is nothing like <table>/ds=YYYY-MM-DD/<name>.csv in it, "
            f"with <table> one of {', '.join(TABLES)}."
        )
    report = CheckReport()
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        for ds in days:
            _check_day(con, root, ds, report)
    return report


def _check_day(con: duckdb.DuckDBPyConnection, root: Path, ds: date, report: CheckReport) -> None:
    staged: list[Staged] = []
    for file in landing.files_of_day(root, ds):
        try:
            staged.append(stage(con, file))
            report.files.append(FileReceipt.of(staged[-1]))
            if staged[-1].extra_columns:
                report.notes.append(f"{file.label} has extra columns: {', '.join(staged[-1].extra_columns)}")
        except FileRefused as refusal:
            report.files.append(FileReceipt(file.label, "refused", refusal=str(refusal)))
    report.notes += [f"{stray} is no landing file of a known table" for stray in landing.strays_of_day(root, ds)]
    if not landing.success_file(root, ds).exists():
        report.notes.append(f"day {ds} is not complete: there is no file _SUCCESS/ds={ds}")
        return
    try:
        plan = plan_day(root, ds, known={})
        report.problems += [f"day {ds}: {problem}" for problem in plan.problems + rows_misfits(plan, staged)]
    except IngestError as error:
        report.problems.append(str(error))


def _days(folder: Path) -> list[date]:
    return [day for path in folder.glob("ds=*") if (day := landing.day_of(path)) is not None]
