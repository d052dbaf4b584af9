"""A finding, and the end of one, as a part of a mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from include.alerts.finding import Finding, Segment, Severity
from include.alerts.links import page_url
from include.alerts.mail import Link, Section, Table, Tone
from include.alerts.picture import picture
from include.alerts.wording import difference, long_day, number, since, span

if TYPE_CHECKING:
    from include.alerts.anomalies import Anomaly

LABELS = {Severity.CRITICAL: "Look today", Severity.WARNING: "Look this week", Severity.INFO: "For information"}
TONES: dict[Severity, Tone] = {
    Severity.CRITICAL: "critical",
    Severity.WARNING: "warning",
    Severity.INFO: "neutral",
}
MOST_SEGMENTS = 5


def finding_section(finding: Finding, first_day: date) -> Section:
    """What, how far off, since when, the last weeks, which segment moved, what to do, where to look."""
    return Section(
        heading=finding.title,
        label=LABELS[finding.severity],
        tone=TONES[finding.severity],
        lines=(finding.advice,) if finding.advice else (),
        facts=_facts(finding, first_day),
        picture=picture(finding.history),
        table=_segments(finding.segments),
        links=(Link("Open the page", page_url(finding.page)),),
    )


def ended_section(anomaly: Anomaly, day: date) -> Section:
    """That an anomaly no longer shows in the data to ``day``, and how long it did; or that late data has come."""
    over = Section(heading=anomaly.title, label="Over", tone="good")
    if anomaly.source != "check":
        return replace(over, lines=(f"Published meanwhile: readers see data to {long_day(day)}.",))
    return replace(
        over,
        facts=(
            ("Began", long_day(anomaly.since)),
            ("Last seen", long_day(anomaly.last_day)),
            ("No longer in", f"the data of {long_day(day)}"),
        ),
    )


def _facts(finding: Finding, first_day: date) -> tuple[tuple[str, str], ...]:
    facts = []
    if finding.actual is not None:
        facts.append((long_day(finding.day), number(finding.actual)))
    usual = span(finding.lower, finding.upper)
    if usual:
        facts.append((f"Usual on a {finding.day:%A}" if finding.key.startswith("volume:") else "Usual", usual))
    if finding.actual is not None and finding.expected is not None:
        facts.append(("How far off", difference(finding.actual, finding.expected)))
    return (*facts, ("Since", since(first_day, finding.day)))


def _segments(segments: tuple[Segment, ...]) -> Table | None:
    if not segments:
        return None
    rows = tuple(
        (f"{segment.dimension.replace('_', ' ')} {segment.value}", number(segment.actual), number(segment.expected))
        for segment in segments[:MOST_SEGMENTS]
    )
    return Table(("What moved most", "Counted", "Expected"), rows)
