"""Findings and small snapshots for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from include.alerts.finding import Finding, Severity
from include.alerts.judge import judge
from include.settings import Paths
from tests.dash_app.snapshots import publish

TUESDAY = date(2026, 11, 24)


def finding(key: str = "volume:purchases", day: date = TUESDAY, severity: Severity = Severity.CRITICAL) -> Finding:
    """A finding whose title names its key and its day."""
    return Finding(key, severity, f"{key} on {day}", day, "Look at the landing files.", 1204, 2600, 2300, 2900)


def judged(root: Path, day: date, found: Iterable[Finding], build_id: str | None = None) -> tuple[str, ...]:
    """Publish a snapshot whose newest day is ``day``, judge it with these findings, return the queued subjects."""
    build = build_id or f"build-{day}"
    if not (root / "serving" / f"gold-{build}.duckdb").exists():
        publish(root, {}, day, build)
    return judge(Paths(root), "http://airflow.example/run", checks=lambda _: tuple(found))


def after(days: int) -> date:
    """A day after TUESDAY."""
    return TUESDAY + timedelta(days=days)
