"""Decisions that lie in the landing zone and that the snapshot does not know yet: pending until the next run."""

from __future__ import annotations

from dash_app.queries.snapshot import Snapshot
from include.reviews.decision import Decision
from include.reviews.landing import decisions
from include.settings import data_dir

_KNOWN = "select ds, file_name from ops.landing_files where table_name = 'review_decisions'"


def pending(snapshot: Snapshot) -> dict[str, Decision]:
    """The newest pending decision of each case that has one."""
    known = set()
    if snapshot.has("ops.landing_files"):
        rows = snapshot.read(_KNOWN)
        known = {(ds.date(), name) for ds, name in zip(rows["ds"], rows["file_name"], strict=True)}
    return {decision.case_id: decision for decision in decisions(data_dir().landing, known)}
