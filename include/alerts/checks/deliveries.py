"""What came late, broken, twice or not at all, from what the loads recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from include.alerts.checks.files import missing_tables, tables_delivered_twice
from include.alerts.finding import Finding, Severity
from include.alerts.snapshot import newest_day
from include.alerts.thresholds import threshold
from include.ingest.days import days_between, stretches

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RECENT_DAYS = 28


def delivery_findings(con: DuckDBPyConnection) -> list[Finding]:
    """Findings about the newest landing day's files, missing days, late rows and the quarantine."""
    day = newest_day(con)
    return [
        *_missing_files(con, day),
        *_files_twice(con, day),
        *_missing_days(con, day),
        *_beyond_window(con, day),
        *_late(con, day),
        *_quarantined(con, day),
    ]


def _missing_files(con: DuckDBPyConnection, day: date) -> list[Finding]:
    return [
        Finding(
            key=f"file_missing:{table}",
            severity=Severity.CRITICAL,
            title=f"No {table} were delivered for {day}; they come every day",
            day=day,
            advice=f"Ask the source for landing/{table}/ds={day}/, then: {_reprocess(day, day)}",
            actual=0,
            history=_rows_by_day(con, table, day),
        )
        for table in missing_tables(con, day)
    ]


def _files_twice(con: DuckDBPyConnection, day: date) -> list[Finding]:
    # every id is one row in the facts, however often it comes: no number is wrong
    return [
        Finding(
            key=f"file_twice:{table}",
            severity=Severity.WARNING,
            title=f"A file of {table} was delivered twice on {day}, under two names",
            day=day,
            advice="Nothing is counted twice. Ask the source why; the names are in ops.landing_files (equal sha256).",
            history=_rows_by_day(con, table, day),
        )
        for table in tables_delivered_twice(con, day)
    ]


def _missing_days(con: DuckDBPyConnection, day: date) -> list[Finding]:
    landed = {ds for (ds,) in con.execute("select ds from ops.landing_days").fetchall()}
    missing = [ds for ds in days_between(min(landed, default=day), day) if ds not in landed]
    return [
        Finding(
            key=f"landing_day_missing:{first}",
            severity=Severity.WARNING,
            title=f"{(last - first).days + 1} landing days are missing, {first} to {last}",
            day=day,
            advice=f"Once they have landed: {_reprocess(first, day)}",
            actual=(last - first).days + 1,
            expected=0,
        )
        for first, last in stretches(missing)
    ]


def _beyond_window(con: DuckDBPyConnection, day: date) -> list[Finding]:
    found = []
    for table, rows, earliest in con.execute(
        "select table_name, sum(rows_beyond), min(earliest_beyond_day) from ops.beyond_window"
        " where not is_in_facts group by table_name order by table_name"
    ).fetchall():
        landed = sum(count for _, count in _rows_by_day(con, table, day, RECENT_DAYS))
        share = rows / landed if landed else 1.0
        found.append(
            Finding(
                key=f"late_beyond_window:{table}",
                severity=Severity.WARNING if share > threshold("beyond_share") else Severity.INFO,
                title=f"{rows:,.0f} rows of {table} landed more than 7 days late and are in no number yet",
                day=day,
                advice=_reprocess(earliest, day),
                actual=float(rows),
                upper=threshold("beyond_share") * landed,
            )
        )
    return found


def _late(con: DuckDBPyConnection, day: date) -> list[Finding]:
    return [
        Finding(
            key=f"late:{table}",
            severity=Severity.WARNING,
            title=f"{late:,} of the {rows:,} rows of {table} that landed on {day} are one to seven days late",
            day=day,
            advice="The days concerned are rebuilt already. Ask the source what held the rows up.",
            actual=late,
            upper=threshold("late_share") * rows,
        )
        for table, late, rows in con.execute(
            "select table_name, rows_late, rows_on_time + rows_late + rows_beyond"
            " from ops.lateness_by_day where ds = ? order by table_name",
            [day],
        ).fetchall()
        if rows >= threshold("quarantine_rows") and late > threshold("late_share") * rows
    ]


def _quarantined(con: DuckDBPyConnection, day: date) -> list[Finding]:
    return [
        Finding(
            key=f"quarantine:{table}",
            severity=Severity.WARNING,
            title=f"{quarantined:,} of {rows:,} rows of {table} of {day} broke their contract and are in quarantine",
            day=day,
            advice="See raw.quarantine for the reasons; once mended: python -m include.pipeline quarantine replay",
            actual=quarantined,
            upper=threshold("quarantine_share") * rows,
        )
        for table, rows, quarantined in con.execute(
            "select table_name, sum(row_count)::bigint, sum(rows_quarantined)::bigint from ops.landing_files"
            " where ds = ? and state = 'loaded' group by table_name order by table_name",
            [day],
        ).fetchall()
        if rows >= threshold("quarantine_rows") and quarantined > threshold("quarantine_share") * rows
    ]


def _rows_by_day(
    con: DuckDBPyConnection, table: str, day: date, days: int = RECENT_DAYS
) -> tuple[tuple[date, float], ...]:
    """Rows of a table by landing day, zero on a day without a file."""
    rows = dict(
        con.execute(
            "select ds, sum(rows_loaded) from ops.landing_files"
            " where table_name = ? and state = 'loaded' and ds between ? and ? group by ds",
            [table, day - timedelta(days=days - 1), day],
        ).fetchall()
    )
    return tuple((ds, float(rows.get(ds, 0))) for ds in days_between(day - timedelta(days=days - 1), day))


def _reprocess(start: date, end: date) -> str:
    return f"python -m include.pipeline reprocess --start {start} --end {end}"
