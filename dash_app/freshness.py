"""How fresh the data is, as the header says it. The one place of the app that looks at the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from dash_app.filters import day_text
from dash_app.formats import moment
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import NoSnapshot, SnapshotReader

#: The daily run starts at 06:00 UTC with the day before; a day and a half after T it has been missed.
STALE_AFTER = timedelta(hours=36)


class Freshness(NamedTuple):
    """``level`` is fresh, stale or missing; ``snapshot`` goes to the browser, null when there is none."""

    level: str
    text: str
    detail: str
    snapshot: dict[str, str] | None


def freshness(reader: SnapshotReader, now: datetime | None = None) -> Freshness:
    """The stamp of the snapshot shown. ``now`` is UTC without zone, by default the clock's."""
    try:
        snapshot = reader.current()
    except NoSnapshot as error:
        return Freshness("missing", "Nothing published yet", str(error), None)
    covered = bounds(snapshot)
    now = now or datetime.now(UTC).replace(tzinfo=None)
    age = now - snapshot.stamp["as_of"]
    published = moment(snapshot.stamp["published_at"])
    text = f"Data to {day_text(covered.last_day)} · published {published} · build {snapshot.build_id}"
    data: dict[str, Any] = {
        "build_id": snapshot.build_id,
        "first_day": covered.first_day.isoformat(),
        "last_day": covered.last_day.isoformat(),
    }
    if reader.trouble:
        detail = f"A newer snapshot was refused, this is the last good one: {reader.trouble}."
        return Freshness("stale", f"{text} · a newer build was refused", detail, data)
    if age > STALE_AFTER:
        detail = f"The data ends {_age(age)} ago; the daily run adds a day every morning."
        return Freshness("stale", f"{text} · {_age(age)} old", detail, data)
    return Freshness("fresh", text, "The data is up to date.", data)


def _age(age: timedelta) -> str:
    return f"{age.days} days" if age.days > 1 else f"{age.total_seconds() / 3600:.0f} hours"
