"""Rows that landed too late for the daily run: kept, but in no fact until somebody reprocesses their days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from include.alerts.finding import Finding, Severity

if TYPE_CHECKING:
    from include.settings import Paths

_BEYOND = """
    select sum(rows_beyond), min(earliest_beyond_day), (select max(ds) from ops.landing_days)
    from ops.beyond_window
    where not is_in_facts
"""


def late_findings(paths: Paths) -> tuple[Finding, ...]:
    """One finding while rows beyond the window wait, with the command that brings all of them in."""
    with duckdb.connect(str(paths.current.resolve()), read_only=True) as snapshot:
        rows, earliest, newest = snapshot.execute(_BEYOND).fetchall()[0]
    if not rows:
        return ()
    return (
        Finding(
            key="late:beyond_window",
            severity=Severity.WARNING,
            title=f"{rows:,.0f} rows landed more than 7 days late and are in no fact yet, the earliest of {earliest}",
            day=newest,
            advice=(
                f"Bring them in: python -m include.pipeline reprocess --start {earliest} --end {newest}, "
                "or carton_caps_reprocess in Airflow with these days."
            ),
        ),
    )
