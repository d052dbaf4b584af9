"""Days on which something goes wrong at the source: which kind, when, and what it does. Placed by seed and epoch alone.

In every 180 days after the epoch each kind happens once, never in the first 35 days and never two at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from include.generator.channels import MARKETING_CHANNELS
from include.generator.config import INCIDENT_KINDS, SimulationConfig
from include.generator.personas import PLATFORMS
from include.generator.seasons import DAY_SECONDS, app_version, day_number
from include.generator.streams import stream

PERIOD_DAYS = 180
QUIET_DAYS = 35  # at the beginning of each period: an expectation of normal days can form
PERIODS = 21  # planned in advance: ten years
LENGTH_DAYS = {
    "half_volume": 1,
    "doubled_feed": 1,
    "doubled_file": 1,
    "missing_day": 1,
    "broken_release": 6,
    "lost_attribution": 8,
    "award_stop": 3,
}
SPACING_DAYS = (PERIOD_DAYS - QUIET_DAYS) // len(INCIDENT_KINDS)
BROKEN_SCAN_COMPLETED_SHARE = 0.35  # of submitted scans, on the platform that got the broken release
BROKEN_PLATFORM = PLATFORMS.index("android")


@dataclass(frozen=True)
class Incident:
    """One episode; days since 1970, both included. ``channel`` is a position in MARKETING_CHANNELS, else -1."""

    kind: str
    first_day: int
    last_day: int
    channel: int = -1

    @property
    def affects(self) -> str:
        """What a reader of the data sees, in words."""
        return {
            "half_volume": "events and purchases: half of the people's phones deliver nothing of the day",
            "doubled_feed": "events: phones deliver each event of daily use twice, the second time with a new event_id",
            "doubled_file": "events and purchases: the day's file is delivered a second time under another name",
            "missing_day": "events and purchases: no file; the phones' rows never come, the server's a day later",
            "broken_release": f"receipt scans on {PLATFORMS[BROKEN_PLATFORM]}: a release on which most fail (timeout)",
            "lost_attribution": f"users: {MARKETING_CHANNELS[self.channel].name} missing as marketing_channel",
            "award_stop": "rewards: nothing is awarded; what fell due is awarded in the hours after",
        }[self.kind]

    def covers(self, day: int) -> bool:
        """Whether the incident goes on that day."""
        return self.first_day <= day <= self.last_day


class Incidents:
    """All incidents of a world, in order of time, also those that lie ahead."""

    def __init__(self, planned: tuple[Incident, ...]) -> None:
        self._planned = planned
        self._by_kind = {kind: [one for one in planned if one.kind == kind] for kind in INCIDENT_KINDS}

    def __iter__(self) -> Iterator[Incident]:
        return iter(self._planned)

    def of(self, kind: str) -> list[Incident]:
        """The incidents of one kind, in order."""
        return self._by_kind[kind]

    def on(self, kind: str, day: int) -> bool:
        """Whether an incident of that kind goes on that day."""
        return any(incident.covers(day) for incident in self._by_kind[kind])


def plan_incidents(config: SimulationConfig) -> Incidents:
    """The incidents of a world with an epoch; switching a kind off leaves the others where they are."""
    assert config.epoch is not None
    planned = []
    paid = [place for place, channel in enumerate(MARKETING_CHANNELS) if channel.usd_per_signup is not None]
    for period in range(PERIODS):
        rng = stream(config.seed, "incidents", period)
        begin = day_number(config.epoch) + period * PERIOD_DAYS + QUIET_DAYS
        for slot, place in enumerate(rng.permutation(len(INCIDENT_KINDS))):
            kind = INCIDENT_KINDS[place]
            first = begin + slot * SPACING_DAYS + int(rng.integers(SPACING_DAYS - LENGTH_DAYS[kind] - 1))
            channel = int(rng.choice(paid)) if kind == "lost_attribution" else -1
            if kind in config.incidents:
                planned.append(Incident(kind, first, first + LENGTH_DAYS[kind] - 1, channel))
    return Incidents(tuple(planned))


def app_versions(incidents: Incidents, day: int) -> tuple[str, ...]:
    """What phones run that day, by platform: a broken release ends in .1, its repair in .2 until the next release."""
    versions = [app_version(day)] * len(PLATFORMS)
    for incident in incidents.of("broken_release"):
        broken = app_version(incident.first_day)
        if incident.covers(day):
            versions[BROKEN_PLATFORM] = f"{broken.removesuffix('0')}1"
        elif incident.last_day < day and app_version(day) == broken:
            versions[BROKEN_PLATFORM] = f"{broken.removesuffix('0')}2"
    return tuple(versions)


def after_award_stops(incidents: Incidents, at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The times at which awards are made: those that fall into a stop wait for its end and up to six hours more."""
    backlog = rng.integers(0, 6 * 3600, len(at))
    for stop in incidents.of("award_stop"):
        end = (stop.last_day + 1) * DAY_SECONDS
        at = np.where((at >= stop.first_day * DAY_SECONDS) & (at < end), end + backlog, at)
    return at
