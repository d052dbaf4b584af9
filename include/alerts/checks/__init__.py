"""The checks of the published snapshot and of what the loads recorded, one module each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from include.alerts.finding import Finding
    from include.settings import Paths


def findings(paths: Paths) -> tuple[Finding, ...]:
    """Everything that looks wrong in the current snapshot, the most severe first.

    Raises NothingPublishedError when there is no snapshot.
    """
    from include.alerts.checks.late import late_findings
    from include.alerts.checks.volume import volume_findings

    found = [*volume_findings(paths), *late_findings(paths)]
    return tuple(sorted(found, key=lambda finding: (-finding.severity, finding.key)))
