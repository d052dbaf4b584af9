"""Events by age: how many units reached each age, and how many had their event there, on days that have settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Landing takes up to a week: days younger than this are not complete and enter no rate.
SETTLING_DAYS = 7


@dataclass(frozen=True)
class Development:
    """Events by age since their cohort's day, and what was exposed to that age; arrays of shape (ages,).

    ``at_risk`` are the units that entered the age without an event (a hazard's denominator), ``exposed`` all units that
    were observed at the age (the additive method's). ``pending`` are the units still open at the origin, by age.
    """

    events: np.ndarray
    at_risk: np.ndarray
    exposed: np.ndarray
    pending: np.ndarray


def life_table(
    days: int,
    ages: int,
    starts: np.ndarray,
    ends: np.ndarray,
    weight: np.ndarray,
    ends_matter: np.ndarray | None = None,
    is_unit: np.ndarray | None = None,
) -> Development:
    """Events by age among units that began on day ``starts`` and ended on day ``ends`` (-1: not yet); all in days.

    A cell of cohort and age counts when its calendar day has settled. ``ends_matter`` tells an event from another end
    of the unit; ``is_unit`` tells units from events that are booked apart from them. A negative start is no unit.
    """
    happens = ends >= 0 if ends_matter is None else ends_matter
    counts = np.ones(len(starts), bool) if is_unit is None else is_unit
    begun, last_settled = starts >= 0, days - 1 - SETTLING_DAYS
    started = np.bincount(starts[begun & counts], weight[begun & counts], minlength=days)[: max(days, 1)]
    settled = np.cumsum(started) if days else np.zeros(1)
    # a cohort of day d is exposed to age a when d + a has settled
    last_cohort = last_settled - np.arange(ages)
    exposed = np.where(last_cohort >= 0, settled[np.clip(last_cohort, 0, None)], 0.0)
    age = np.maximum(ends - starts, 0)
    cell = begun & (ends >= 0) & (ends <= last_settled) & (age < ages)
    events = np.bincount(age[cell & happens], weight[cell & happens], minlength=ages)[:ages]
    # gone before age a, among cohorts exposed to age a
    gone = np.zeros((ages + 1, ages))
    room = np.clip(last_settled - starts, -1, ages - 1)  # the oldest age to which the unit's cohort is exposed
    left = cell & counts
    np.add.at(gone, (age[left] + 1, room[left]), weight[left])
    earlier = np.cumsum(gone, axis=0)[:ages]
    beyond = np.cumsum(earlier[:, ::-1], axis=1)[:, ::-1]
    at_risk = np.maximum(exposed - np.diagonal(beyond), 0.0)
    open_now = begun & counts & (ends < 0)
    now = np.clip(days - 1 - starts, 0, ages - 1)
    pending = np.bincount(now[open_now], weight[open_now], minlength=ages)[:ages]
    return Development(events.astype(float), at_risk, exposed.astype(float), pending.astype(float))
