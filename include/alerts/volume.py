"""The volume check: the newest day's activity against the same weekday of the weeks before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING

from include.alerts.mail import Mail
from include.errors import CartonCapsError

if TYPE_CHECKING:
    from include.settings import Paths

WEEKS = 8
# Fewer weeks than this say nothing about what is usual.
WEEKS_NEEDED = 3
# Half or double: a school holiday stays within it, a feed that arrived half or twice does not.
ODD_BELOW, ODD_ABOVE = 0.5, 2.0

# A reader that only needs one file: SQL may then neither open another nor change this.
LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
}

ACTIVITY_BY_DAY = """
    select
        activity_date,
        sum(app_opens + scans_started + scans_completed + scans_failed + incentives_viewed + invites_sent)::bigint
    from gold.fct_user_day
    where activity_date in (select unnest(?::date[]))
    group by activity_date
"""


class NothingPublishedError(CartonCapsError):
    """There is no snapshot to look at."""


@dataclass(frozen=True)
class Volume:
    """Counted activity of one day, and of the same weekday in the weeks before it, newest first."""

    day: date
    actual: int
    earlier: tuple[int, ...]

    @property
    def usual(self) -> float | None:
        """The median of the weeks before, or None when there are too few of them to say."""
        return median(self.earlier) if len(self.earlier) >= WEEKS_NEEDED else None

    @property
    def is_odd(self) -> bool:
        """Whether the day is far from usual. Unknown is not odd; nothing where something is usual, is."""
        if not self.usual:
            return False
        return not ODD_BELOW <= self.actual / self.usual <= ODD_ABOVE

    @property
    def sentence(self) -> str:
        """The finding in words."""
        weekday = f"{self.day:%A}"
        if self.usual is None:
            return f"{self.actual:,} actions on {weekday}, {self.day}; too few weeks before it to know what is usual."
        return f"{self.actual:,} actions on {weekday}, {self.day}; usual for a {weekday} are {self.usual:,.0f}."


def yesterdays_volume(paths: Paths) -> Volume:
    """Volume of the last day of the current snapshot; a weekday without any activity before it counts as no week.

    Raises NothingPublishedError when nothing has been published.
    """
    import duckdb

    if not paths.current.exists():
        raise NothingPublishedError(
            f"There is no snapshot at {paths.current}. Publish one: python -m include.pipeline run --start D --end D."
        )
    with duckdb.connect(str(paths.current.resolve()), read_only=True, config=LOCKED_DOWN) as snapshot:
        as_of = snapshot.execute("select as_of from ops.snapshot").fetchall()[0][0]
        day = (as_of - timedelta(days=1)).date()
        days = [day - timedelta(weeks=week) for week in range(WEEKS + 1)]
        counts = dict(snapshot.execute(ACTIVITY_BY_DAY, [days]).fetchall())
    return Volume(day, counts.get(day, 0), tuple(counts[earlier] for earlier in days[1:] if earlier in counts))


def volume_mail(volume: Volume) -> Mail:
    """The mail about one day's volume, odd or not."""
    verdict = "looks wrong" if volume.is_odd else "looks usual"
    facts = [("Day", f"{volume.day:%A} {volume.day}"), ("Actions", f"{volume.actual:,}")]
    facts.append(("Usual", "unknown" if volume.usual is None else f"{volume.usual:,.0f}"))
    facts.append(("Same weekday before", ", ".join(f"{count:,}" for count in volume.earlier) or "none"))
    advice = "Look at gold.fct_user_day for that day, and at the day's landing files: a missing, cut or doubled feed."
    return Mail(
        subject=f"[Carton Caps] Volume of {volume.day} {verdict}",
        lines=(volume.sentence, advice if volume.is_odd else "Nothing to do."),
        facts=tuple(facts),
    )
