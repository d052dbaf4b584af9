"""The arithmetic of an evaluation: which alarm is a hit, which one is false, and what a threshold costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

DAYS_OF_MONTH = 365.25 / 12
#: The day after an incident still shows it: awards that waited are made, a feed comes back with a jump.
AFTERMATH = timedelta(days=1)

_DAILY_USE = (
    "events",
    "events.app_open",
    "events.incentive_viewed",
    "events.receipt_scan_started",
    "events.receipt_scan_submitted",
    "events.receipt_scan_completed",
    "events.receipt_scan_failed",
)
FILE_TWICE, FILE_MISSING = "file_twice.", "file_missing."  # followed by the table

#: Where each kind of incident can be seen. An alarm about anything else is false on such a day as on any other. The
#: names end where the metric does; a trailing dot stands for everything that begins so.
SEEN_IN: dict[str, tuple[str, ...]] = {
    "half_volume": (*_DAILY_USE, "purchases"),
    "doubled_feed": _DAILY_USE,
    "doubled_file": (FILE_TWICE,),
    "missing_day": ("events", "events.", "purchases", "rewards_awarded", FILE_MISSING),
    "broken_release": ("events", "events.receipt_scan_completed", "events.receipt_scan_failed", "purchases"),
    "lost_attribution": ("signups.without_channel",),
    "award_stop": ("events.reward_awarded", "rewards_awarded"),
}


@dataclass(frozen=True)
class Incident:
    """One labelled incident of one world, both days included."""

    world: str
    kind: str
    first_day: date
    last_day: date

    def covers(self, alarms: pd.DataFrame) -> pd.Series:
        """Which alarms (columns world, day, metric) speak of it."""
        exact = [name for name in SEEN_IN[self.kind] if not name.endswith(".")]
        begins = tuple(name for name in SEEN_IN[self.kind] if name.endswith("."))
        seen = alarms["metric"].isin(exact)
        if begins:
            seen |= alarms["metric"].str.startswith(begins)
        in_time = (alarms["day"] >= self.first_day) & (alarms["day"] <= self.last_day + AFTERMATH)
        return (alarms["world"] == self.world) & in_time & seen


@dataclass(frozen=True)
class Score:
    """What one method is worth at one threshold; ``days_to_detection`` by incident, None for a missed one."""

    threshold: float
    days_to_detection: tuple[tuple[Incident, int | None], ...]
    false_alarms: int
    months: float

    @property
    def found(self) -> int:
        """Incidents with at least one alarm."""
        return sum(days is not None for _, days in self.days_to_detection)

    @property
    def recall(self) -> float:
        """Share of the incidents that were found; 0 where there was none."""
        return self.found / len(self.days_to_detection) if self.days_to_detection else 0.0

    @property
    def false_alarms_a_month(self) -> float:
        """Over all metrics together: one metric on one day is one alarm."""
        return self.false_alarms / self.months

    @property
    def mean_days(self) -> float | None:
        """Mean days from the first day of an incident to its first alarm, over those found."""
        days = [days for _, days in self.days_to_detection if days is not None]
        return sum(days) / len(days) if days else None

    def found_of(self, kind: str) -> str:
        """Found and all incidents of one kind, ``4/5``."""
        days = [days for incident, days in self.days_to_detection if incident.kind == kind]
        return f"{sum(day is not None for day in days)}/{len(days)}"


def labelled(scores: pd.DataFrame, incidents: Sequence[Incident]) -> pd.DataFrame:
    """The scores with a column ``incident``: the position of the incident that the row speaks of, -1 for none."""
    label = np.full(len(scores), -1)
    for position, incident in enumerate(incidents):
        label[incident.covers(scores).to_numpy(bool)] = position
    return scores.assign(incident=label)


def score(scores: pd.DataFrame, threshold: float, incidents: Sequence[Incident], months: float) -> Score:
    """Judge one method at one threshold.

    ``scores`` has one row per world, day and metric: columns world, day, metric, score and is_certain, and incident as
    ``labelled`` puts it there for the same ``incidents``. An alarm is a row that is certain or whose score lies further
    from zero than the threshold; a missing score is none.
    """
    alarms = scores[scores["is_certain"] | (scores["score"].abs() > threshold)]
    first_alarms = alarms.groupby("incident")["day"].min()
    detected = tuple(
        (incident, (first_alarms[position] - incident.first_day).days if position in first_alarms.index else None)
        for position, incident in enumerate(incidents)
    )
    return Score(threshold, detected, int((alarms["incident"] == -1).sum()), months)


def tuned(
    scores: pd.DataFrame, thresholds: Sequence[float], incidents: Sequence[Incident], months: float, most: float = 1.0
) -> float | None:
    """The lowest threshold with at most ``most`` false alarms a month; None where no threshold is that quiet."""
    for threshold in sorted(thresholds):
        if score(scores, threshold, incidents, months).false_alarms_a_month <= most:
            return threshold
    return None
