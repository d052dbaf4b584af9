"""Days whose volume is unusual, as ``gold.fct_volume_day`` judges them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from include.alerts.finding import Finding, Severity
from include.alerts.volume import LEADING_METRICS, newest_volume

if TYPE_CHECKING:
    from include.settings import Paths


def volume_findings(paths: Paths) -> tuple[Finding, ...]:
    """One finding per leading metric that is unusual on the newest day."""
    volume = newest_volume(paths)
    return tuple(
        Finding(
            key=f"volume:{metric.metric}",
            severity=Severity.CRITICAL,
            title=f"{metric.metric}: {metric.sentence}",
            day=volume.day,
            advice="Look at the day's landing files: a missing, cut or doubled feed.",
            actual=metric.actual,
            expected=metric.expected,
            lower=metric.lower,
            upper=metric.upper,
        )
        for metric in volume.odd
        if metric.metric in LEADING_METRICS
    )
