"""The checks of the published snapshot and of what the loads recorded, one module each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from include.alerts.finding import Finding
    from include.settings import Paths


def findings(paths: Paths, now: datetime | None = None) -> tuple[Finding, ...]:
    """Everything that looks wrong in the current snapshot, the most severe first.

    ``now`` (UTC, without zone) is what the snapshot's age is measured against, by default the clock; nothing else looks
    at it. Raises NothingPublishedError when there is no snapshot.
    """
    from include.alerts.checks.deliveries import delivery_findings
    from include.alerts.checks.freshness import freshness_findings
    from include.alerts.checks.rewards import reward_findings
    from include.alerts.checks.volume import volume_findings
    from include.alerts.snapshot import reading

    now = now or datetime.now(UTC).replace(tzinfo=None)
    with reading(paths) as con:
        found = [
            *freshness_findings(con, now),
            *delivery_findings(con),
            *volume_findings(con),
            *reward_findings(con),
        ]
    return tuple(sorted(found, key=lambda finding: (-finding.severity, finding.key)))
