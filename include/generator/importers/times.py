"""Reading times as landing files write them; see the grammar in the contract documentation."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

TOLERANCE = timedelta(hours=24)


def parse_moment(text: str) -> datetime | None:
    """The UTC moment, or None when the text is no timestamp."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def after_limit(text: str, ds: date) -> bool:
    """Whether the time is so late that a landing day ``ds`` refuses it: after the end of the day plus 24 hours."""
    moment = parse_moment(text)
    end = datetime.combine(ds, time(), UTC) + timedelta(days=1)
    return moment is not None and moment > end + TOLERANCE


def hint_later(column: str, ds: date) -> str:
    """The oddity text for rows that would be quarantined because of the chosen day."""
    return f"{column} later than {ds} + 24 h, so the load will put the row in quarantine: choose a later --ds"
