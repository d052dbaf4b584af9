"""What a page is asked to show: the filters, as the URL carries them and as queries take them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from dash_app.us_states import STATES

USER_TYPES = ("parent", "teacher", "supporter")
PRESETS = {"7d": 7, "28d": 28, "90d": 90, "all": None}
DEFAULT_PRESET = "28d"
FRAUD = ("out",)
#: Unknown names in a link that are told one by one.
NOTICES = 5
#: What narrows a period, as the URL names it. A view says which of these its figures follow.
NARROWINGS = ("user_type", "state", "school", "channel", "fraud")
PARAMS = ("period", "from", "to", *NARROWINGS)


class School(NamedTuple):
    """A school that a page can be narrowed to."""

    school_id: int
    name: str


@dataclass(frozen=True)
class Bounds:
    """What the snapshot covers, in UTC days. The last day is the day before T."""

    first_day: date
    """First day of anything, sign-ups included."""
    last_day: date
    facts_from: date
    """First day with a purchase, an activity or a referral: a comparison may not reach before it."""
    schools: Mapping[int, str] = field(default_factory=dict)
    """School id -> name and place."""
    channels: tuple[str, ...] = ()
    """Marketing channels that brought people."""


@dataclass(frozen=True)
class Filters:
    """A period of whole UTC days, both ends included, and what narrows it."""

    start: date
    end: date
    preset: str | None = DEFAULT_PRESET
    user_type: str | None = None
    state: str | None = None
    school: School | None = None
    channel: str | None = None
    fraud: str | None = None
    """`out` leaves out people and referrals of cases decided `confirmed`."""

    @property
    def days(self) -> int:
        """Length of the period."""
        return (self.end - self.start).days + 1

    @property
    def previous(self) -> tuple[date, date]:
        """The period to compare with: as many days, moved back by whole weeks, so that weekdays meet weekdays."""
        shift = timedelta(days=-(-self.days // 7) * 7)
        return self.start - shift, self.end - shift

    def to_params(self) -> dict[str, str]:
        """What a link must carry to show the same again; defaults are left out."""
        params: dict[str, str] = {}
        if self.preset is None:
            params |= {"from": self.start.isoformat(), "to": self.end.isoformat()}
        elif self.preset != DEFAULT_PRESET:
            params["period"] = self.preset
        return params | {name: str(value) for name, value in self.narrowed_to.items() if value is not None}

    @property
    def narrowed_to(self) -> dict[str, str | int | None]:
        """Each narrowing as the URL and the queries take it; None where it is not set."""
        school = self.school.school_id if self.school else None
        return {name: school if name == "school" else getattr(self, name) for name in NARROWINGS}

    @property
    def is_narrowed(self) -> bool:
        """Whether the numbers are of a part of the people only."""
        return any(value is not None for value in self.narrowed_to.values())

    def only(self, names: Collection[str]) -> Filters:
        """The same without the narrowings that are not in ``names``."""
        left_out: dict[str, Any] = dict.fromkeys(set(NARROWINGS) - set(names))
        return replace(self, **left_out)

    def in_words(self) -> str:
        """The filters in one line, for captions and prints."""
        parts = [f"{day_text(self.start)} to {day_text(self.end)}"]
        if self.user_type:
            parts.append(f"{self.user_type}s only")
        if self.state:
            parts.append(f"schools in {STATES[self.state]} only")
        if self.school:
            parts.append(f"{self.school.name} only")
        if self.channel:
            parts.append(f"people who came by {self.channel.replace('_', ' ')} only")
        if self.fraud:
            parts.append("without confirmed fraud")
        return ", ".join(parts)


def parse(params: object, bounds: Bounds) -> tuple[Filters, list[str]]:
    """The filters a link asks for, and a sentence for each part of it that could not be followed.

    Whatever the link holds, the answer is a valid set of filters: a link may be old, cut short or made up.
    """
    asked = params if isinstance(params, Mapping) else {}  # the browser holds it, and a browser may hold anything
    told = {key: str(value).strip() for key, value in asked.items() if value not in (None, "")}
    unknown = [key for key in told if key not in PARAMS]
    notices = [f"“{short(key)}” in the link is not a filter and was ignored." for key in unknown[:NOTICES]]
    if len(unknown) > NOTICES:
        notices.append(f"{len(unknown) - NOTICES:,} more of the link are no filters and were ignored.")
    start, end, preset = _period(told, bounds, notices)
    user_type = one_of("user_type", told.get("user_type"), USER_TYPES, notices)
    state = one_of("state", told.get("state", "").upper() or None, tuple(STATES), notices)
    school = _school(told.get("school"), bounds, notices)
    channel = one_of("channel", told.get("channel"), bounds.channels, notices)
    fraud = one_of("fraud", told.get("fraud"), FRAUD, notices)
    return Filters(start, end, preset, user_type, state, school, channel, fraud), notices


def preset_start(preset: str, bounds: Bounds) -> date:
    """First day of a preset period, which ends on the last day of the data."""
    days = PRESETS[preset]
    return bounds.first_day if days is None else bounds.last_day - timedelta(days=days - 1)


def day_text(day: date) -> str:
    """A day as people write it: 3 Mar 2026."""
    return f"{day.day} {day:%b %Y}"


def _period(given: Mapping[str, str], bounds: Bounds, notices: list[str]) -> tuple[date, date, str | None]:
    if "from" not in given and "to" not in given:
        preset = one_of("period", given.get("period"), tuple(PRESETS), notices) or DEFAULT_PRESET
        return preset_start(preset, bounds), bounds.last_day, preset
    start, end = _day("from", given, notices), _day("to", given, notices)
    if start is None and end is None:
        return preset_start(DEFAULT_PRESET, bounds), bounds.last_day, DEFAULT_PRESET
    start, end = start or bounds.first_day, end or bounds.last_day
    if start > end:
        notices.append(f"The link asks for {start} to {end}, which ends before it begins. The last 28 days are shown.")
        return preset_start(DEFAULT_PRESET, bounds), bounds.last_day, DEFAULT_PRESET
    if end < bounds.first_day or start > bounds.last_day:
        notices.append(
            f"There is no data from {start} to {end}; there is from {bounds.first_day} to {bounds.last_day}. "
            "The last 28 days are shown."
        )
        return preset_start(DEFAULT_PRESET, bounds), bounds.last_day, DEFAULT_PRESET
    if start < bounds.first_day or end > bounds.last_day:
        notices.append(f"There is data from {bounds.first_day} to {bounds.last_day}; what lies outside is left out.")
    return max(start, bounds.first_day), min(end, bounds.last_day), None


def _school(told: str | None, bounds: Bounds, notices: list[str]) -> School | None:
    if told is None:
        return None
    # not `isdigit`, which takes digits that `int` does not
    school_id = int(told) if re.fullmatch(r"[0-9]{1,18}", told) else -1
    if school_id in bounds.schools:
        return School(school_id, bounds.schools[school_id])
    notices.append(f"“{short(told)}” is not the id of a school. It was ignored.")
    return None


def _day(name: str, given: Mapping[str, str], notices: list[str]) -> date | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        notices.append(f"“{short(text)}” is not a day for “{name}”: write 2026-03-31. It was ignored.")
        return None


def given(params: object, names: Collection[str]) -> dict[str, str]:
    """Those of the parameters that are named and not empty, as text: the browser holds them, and may hold anything."""
    asked = params if isinstance(params, Mapping) else {}
    return {key: str(value).strip() for key, value in asked.items() if key in names and value}


def one_of(name: str, value: str | None, allowed: tuple[str, ...], notices: list[str]) -> str | None:
    """The value when it is allowed; else None, with a sentence in ``notices`` when there was one."""
    if value is None or value in allowed:
        return value
    choices = "it is two letters, such as CA" if name == "state" else f"it is one of {', '.join(allowed) or 'none'}"
    notices.append(f"“{short(value)}” is not a value of “{name}”: {choices}. It was ignored.")
    return None


def short(text: str) -> str:
    """At most 30 characters of what a link holds, for a notice."""
    return text if len(text) <= 30 else text[:30] + "…"
