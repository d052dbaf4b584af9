"""Quarantined rows judged again from their landing files, after the contract or the file was mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from duckdb import DuckDBPyConnection

from include.ingest.archive import Archive, restore_command
from include.ingest.day import day_does_not_fit, load_day, plan_day
from include.ingest.gate import blocked
from include.ingest.landing import complete_days
from include.ingest.lateness import record_lateness
from include.ingest.load import MEMORY_LIMIT
from include.ingest.records import FileKey, known_files
from include.ingest.report import LoadReport
from include.settings import Paths
from include.warehouse import connect


@dataclass
class ReplayReport:
    """What a replay did.

    ``before`` and ``after`` count quarantined records (a refused file is one) by table and landing day; ``gone`` names
    files that can no longer be read, ``archived`` the days of those that are in the archive; ``next_command`` is None
    when every load has been built.
    """

    before: dict[tuple[str, date], int]
    after: dict[tuple[str, date], int] = field(default_factory=dict)
    loaded: LoadReport = field(default_factory=LoadReport)
    gone: list[str] = field(default_factory=list)
    archived: list[date] = field(default_factory=list)
    next_command: str | None = None

    def text(self) -> str:
        """What changed and what to run next, for a person."""
        if not self.before:
            lines = ["Nothing is in quarantine."]
        else:
            kept = sum(self.after.values())
            lines = [f"Quarantine: {sum(self.before.values()):,} records judged again, {kept:,} are left."]
        for table, ds in sorted(self.before):
            before, after = self.before[table, ds], self.after.get((table, ds), 0)
            if before != after:
                lines.append(f"  {table}, landing day {ds}: {before:,} before, {after:,} now")
        if self.loaded.days:
            lines.append(f"Loaded {len(self.loaded.files)} files again: {self.loaded.rows_loaded:,} rows.")
        lines += [f"! {label} is not in the landing zone; its quarantine stays as it is." for label in self.gone]
        if self.archived:
            lines.append(
                f"! {len(self.archived)} of these days are archived. To judge their files too, bring them back first: "
                f"{restore_command(self.archived[0], self.archived[-1])}"
            )
        lines += [f"! {warning}" for warning in self.loaded.warnings]
        lines += [f"! BLOCKED {block.text()}" for block in self.loaded.blocked]
        if self.next_command:
            lines.append(f"Next, bring it into the facts: {self.next_command}")
        return "\n".join(lines)


def replay_quarantine(paths: Paths) -> ReplayReport:
    """Judge every file with quarantined rows again, and load those that are judged otherwise now, as changed files.

    One load per day, in one transaction: killed at any moment, what it has not come to is still in quarantine, and the
    next replay does the rest. A file that is judged as before is not loaded.

    Raises:
        IngestError: the files of such a day are not those of its manifest; nothing was loaded.
        WarehouseError: another process holds the warehouse.
    """
    with connect(paths) as con:
        con.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        report = ReplayReport(_quarantined(con))
        known = known_files(con)
        complete = set(complete_days(paths.landing))
        archive, archived = Archive(paths), set[date]()
        by_day: dict[date, set[FileKey]] = {}
        for key in con.execute("select distinct table_name, ds, file_name from raw.quarantine order by all").fetchall():
            table, ds, name = key
            if ds in complete and (paths.landing / table / f"ds={ds}" / name).exists():
                by_day.setdefault(ds, set()).add((table, ds, name))
            else:
                report.gone.append(f"{table}/ds={ds}/{name}")
                if archive.holds(key):
                    archived.add(ds)
        report.archived = sorted(archived)
        plans = [plan_day(paths.landing, ds, known, again=files) for ds, files in sorted(by_day.items())]
        if problems := {plan.ds: plan.problems for plan in plans if plan.problems}:
            raise day_does_not_fit(problems)
        for plan in plans:
            if load := load_day(con, plan, known):
                report.loaded.add(plan.ds, load)
        report.loaded.warnings += record_lateness(con)
        report.loaded.blocked = blocked(con)
        report.after = _quarantined(con)
        report.next_command = _next_command(con)
    return report


def _quarantined(con: DuckDBPyConnection) -> dict[tuple[str, date], int]:
    return {
        (table, ds): records
        for table, ds, records in con.execute(
            "select table_name, ds, count(*) from raw.quarantine group by all order by all"
        ).fetchall()
    }


def _next_command(con: DuckDBPyConnection) -> str | None:
    """The reprocess that covers every load that no good build has covered; it holds after a killed replay too."""
    start, end = con.execute(
        """
        with built as (select coalesce(max(covered_load_id), 0) as load_id from ops.good_builds)
        select
            (
                select min(least(days.ds, lateness.earliest_beyond_day))
                from ops.landing_days as days
                left join ops.lateness_by_day as lateness on days.load_id = lateness.load_id
                where days.load_id > (select load_id from built)
            ),
            (select max(ds) from ops.landing_days)
        """
    ).fetchall()[0]
    return f"python -m include.pipeline reprocess --start {start} --end {end}" if start else None
