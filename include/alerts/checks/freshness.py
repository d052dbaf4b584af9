"""Whether the published numbers are of yesterday."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from include.alerts.finding import Finding, Severity
from include.alerts.snapshot import newest_day
from include.alerts.thresholds import threshold

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def freshness_findings(con: DuckDBPyConnection, now: datetime) -> list[Finding]:
    """One finding when T lies too far before ``now`` (UTC, without zone)."""
    day = newest_day(con)
    as_of = datetime.combine(day + timedelta(days=1), datetime.min.time())
    hours = (now - as_of) / timedelta(hours=1)
    if hours <= threshold("fresh_hours"):
        return []
    return [
        Finding(
            key="freshness",
            severity=Severity.CRITICAL if hours > threshold("stale_hours") else Severity.WARNING,
            title=f"The newest numbers are of {day}, {hours / 24:.1f} days old",
            day=day,
            advice="Look for a failed or paused run of carton_caps_daily, then: "
            f"python -m include.pipeline run --source landing --start {day + timedelta(days=1)} --end D",
            actual=round(hours, 1),
            upper=threshold("fresh_hours"),
        )
    ]
