"""The volume check: what arrived on the newest day beside what is usual, as ``gold.fct_volume_day`` judges it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from include.alerts.mail import Mail
from include.errors import CartonCapsError

if TYPE_CHECKING:
    from include.settings import Paths

#: A mail goes out when one of these is unusual. The single event types explain it; alone they are so many and so small
#: that one of them is unusual by chance every few days.
LEADING_METRICS = ("events", "purchases", "referrals_sent")

# A reader that only needs one file: SQL may then neither open another nor change this.
LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
}

METRICS_OF_DAY = """
    select metric, actual, expected, lower, upper, is_anomaly
    from gold.fct_volume_day
    where activity_date = ?
    order by abs(score) desc nulls last, metric
"""


class NothingPublishedError(CartonCapsError):
    """There is no snapshot to look at."""


@dataclass(frozen=True)
class MetricVolume:
    """One metric of one day; ``expected``, ``lower`` and ``upper`` are None while there is too little history."""

    metric: str
    actual: int
    expected: float | None
    lower: float | None
    upper: float | None
    is_anomaly: bool

    @property
    def usual(self) -> str:
        """What is usual, in words."""
        if self.expected is None or self.lower is None or self.upper is None:
            return "unknown yet, less than 28 days of history"
        return f"{self.expected:,.0f} ({self.lower:,.0f} to {self.upper:,.0f})"

    @property
    def sentence(self) -> str:
        """Actual beside usual."""
        return f"{self.actual:,}, usual are {self.usual}"


@dataclass(frozen=True)
class Volume:
    """Every metric of one day, the most unusual first."""

    day: date
    metrics: tuple[MetricVolume, ...]

    @property
    def odd(self) -> tuple[MetricVolume, ...]:
        """The metrics outside their usual range."""
        return tuple(metric for metric in self.metrics if metric.is_anomaly)

    @property
    def wants_a_mail(self) -> bool:
        """Whether one of the leading metrics is unusual."""
        return any(metric.metric in LEADING_METRICS for metric in self.odd)

    @property
    def sentence(self) -> str:
        """The finding in words."""
        when = f"{self.day:%A}, {self.day}"
        if not self.wants_a_mail:
            return f"{when}: events, purchases and referrals are within their usual range, or too young to say."
        leading = [metric for metric in self.odd if metric.metric in LEADING_METRICS]
        return f"{when}: " + "; ".join(f"{metric.metric} {metric.sentence}" for metric in leading) + "."


def newest_volume(paths: Paths) -> Volume:
    """Volume of the last day of the current snapshot.

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
        metrics = snapshot.execute(METRICS_OF_DAY, [day]).fetchall()
    return Volume(day, tuple(MetricVolume(*metric) for metric in metrics))


def volume_mail(volume: Volume) -> Mail:
    """The mail about one day's volume, odd or not: the finding, then each metric that is unusual or leads."""
    shown = [metric for metric in volume.metrics if metric.is_anomaly or metric.metric in LEADING_METRICS]
    facts = [("Day", f"{volume.day:%A} {volume.day}"), *((metric.metric, metric.sentence) for metric in shown)]
    advice = "Look at gold.fct_volume_day, and at the day's landing files: a missing, cut or doubled feed."
    return Mail(
        subject=f"[Carton Caps] Volume of {volume.day} looks {'wrong' if volume.wants_a_mail else 'usual'}",
        lines=(volume.sentence, advice if volume.wants_a_mail else "Nothing to do."),
        facts=tuple(facts),
    )
