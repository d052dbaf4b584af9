"""Decisions as files of the landing zone: one whole, sealed file for each, never edited and never overwritten."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

from include.contracts import contract
from include.contracts.seal import seal_of, sealed_name
from include.errors import CartonCapsError
from include.housekeeping.disk import make_durable
from include.ingest.landing import complete_days, day_of
from include.reviews.decision import TABLE, Decision, checked
from include.settings import Paths


class DecisionNotKept(CartonCapsError):  # noqa: N818 - says what has happened
    """The landing zone could not be written; nothing was decided."""


def decide(
    paths: Paths,
    as_of: datetime,
    case_id: str,
    verdict: object,
    reason: object,
    reviewer: object,
    clock: datetime | None = None,
) -> Decision:
    """Check a decision and append it to the landing day under way. ``as_of`` is T of what the reviewer sees.

    decided_at is the clock's time where that lies in this day, else the nearest moment of the day: a simulated world
    has days of its own. ``clock`` is UTC without zone.

    Raises:
        DecisionRefused: it is no decision.
        DecisionNotKept: the landing zone cannot be written.
    """
    now = clock or datetime.now(UTC).replace(tzinfo=None)
    ds = day_under_way(paths.landing, as_of)
    decided_at = min(max(now, datetime.combine(ds, time.min)), datetime.combine(ds, time.max))
    decision = checked(case_id, verdict, reason, reviewer, decided_at)
    try:
        _append(paths.landing / TABLE / f"ds={ds}", decision, now)
    except OSError as error:
        raise DecisionNotKept(
            f"The decision could not be written: {error.strerror or error}. Nothing was decided; what you typed is "
            "still here. Ask for write permission on landing/review_decisions, or for room on its disk, and try again."
        ) from error
    return decision


def day_under_way(landing: Path, as_of: datetime) -> date:
    """The landing day that is still open: the one after the newest complete or published day."""
    return max([as_of.date(), *(day + timedelta(days=1) for day in complete_days(landing))])


def decisions(landing: Path, known: Collection[tuple[date, str]]) -> list[Decision]:
    """Decisions that were appended and are not in ``known`` (landing day, file name), oldest first.

    A damaged file is passed over: the load names it and stops before anything is published.
    """
    files = sorted(
        (ds, file.name, file)
        for folder in (landing / TABLE).glob("ds=*")
        if (ds := day_of(folder)) is not None
        for file in folder.glob("*.csv")
        if seal_of(TABLE, file.name) and (ds, file.name) not in known
    )
    found = [_read(file) for _, _, file in files]
    return sorted((decision for decision in found if decision), key=lambda decision: decision.decided_at)


def _append(folder: Path, decision: Decision, now: datetime) -> None:
    content = _csv(decision)
    # The clock's time leads the name: of two decisions at one moment the load takes the greater name.
    file = folder / sealed_name(f"{now:%Y%m%dT%H%M%S.%fZ}", content)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{uuid4().hex}.part"
    try:
        part.write_bytes(content)
        make_durable(part)
        part.replace(file)  # a file of this name could only have these bytes
        make_durable(folder)
    finally:
        part.unlink(missing_ok=True)


def _csv(decision: Decision) -> bytes:
    text = io.StringIO(newline="")
    rows = csv.DictWriter(text, contract(TABLE).column_names)
    rows.writeheader()
    rows.writerow(vars(decision) | {"decided_at": decision.decided_at.isoformat(" ")})
    return text.getvalue().encode()


def _read(file: Path) -> Decision | None:
    try:
        content = file.read_bytes()
        if sealed_name("", content) != f".{seal_of(TABLE, file.name)}.csv":
            return None
        (row,) = csv.DictReader(io.StringIO(content.decode(), newline=""))
        decided_at = datetime.fromisoformat(row.pop("decided_at"))
        return Decision(**row, decided_at=decided_at)
    except (OSError, ValueError, KeyError, TypeError):
        return None
