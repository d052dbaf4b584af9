"""The weekly digest: the numbers of the week, what was odd, what is still open, what is silenced until when."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from include.alerts import outbox
from include.alerts.anomalies import Anomaly, anomalies_of, open_anomalies
from include.alerts.finding_section import LABELS
from include.alerts.links import page_url
from include.alerts.mail import Link, Mail, Section, Table
from include.alerts.news_mail import PREFIX
from include.alerts.recipients import GROUPS, recipients
from include.alerts.silence import Silence, silence_of, silences
from include.alerts.snapshot import stamp
from include.alerts.store import transaction
from include.alerts.week import Number, week_before, week_numbers
from include.alerts.wording import long_day, short_day

if TYPE_CHECKING:
    from include.settings import Paths


def queue_digest(paths: Paths) -> str | None:
    """Queue the digest of the last whole week, Monday to Sunday, before T; returns its subject, None when it went out.

    The first publication after a week brings it, usually Monday's; a re-run brings no second one.

    Raises NothingPublishedError when there is no snapshot.
    """
    seen = stamp(paths)
    first, last = week_before(seen.as_of.date())
    numbers = week_numbers(paths, first, last)
    with transaction(paths) as con:
        mail = digest_mail(con, numbers, first, last, seen.last_day)
        everybody = tuple(dict.fromkeys(address for group in GROUPS for address in recipients(group)))
        queued = outbox.put(con, mail, everybody, "digest", occasion=f"digest:{first}")
    return mail.header_subject if queued else None


def digest_mail(con: sqlite3.Connection, numbers: Sequence[Number], first: date, last: date, today: date) -> Mail:
    """The digest of the week ``first`` .. ``last``; ``today`` is the newest day of the data."""
    odd = anomalies_of(con, first, last)
    still_open = open_anomalies(con)
    known = tuple(silence for silence in silences(con) if silence.until >= today)
    return Mail(
        subject=f"{PREFIX} The week of {first.day} {first:%B}: {_summary(odd, still_open)}",
        lines=(f"{long_day(first)} to {long_day(last)}, beside the week before.",),
        sections=(
            Section(
                heading="The week in numbers",
                table=Table(("", "This week", "Before", "Change"), tuple(_row(number) for number in numbers)),
            ),
            _list("What was odd", odd, "Nothing looked wrong this week.", known, today),
            _list("Still open", still_open, "Nothing is open.", known, today),
            _silenced(known),
        ),
        links=(Link("Open the dashboard", page_url()),),
    )


def _summary(odd: Sequence[Anomaly], still_open: Sequence[Anomaly]) -> str:
    parts = [f"{len(listed)} {what}" for listed, what in ((odd, "odd"), (still_open, "still open")) if listed]
    return ", ".join(parts) or "nothing odd"


def _list(heading: str, listed: Sequence[Anomaly], none: str, known: Sequence[Silence], today: date) -> Section:
    if not listed:
        return Section(heading, lines=(none,))
    return Section(heading, facts=tuple((_when(anomaly), _what(anomaly, known, today)) for anomaly in listed))


def _when(anomaly: Anomaly) -> str:
    if anomaly.ended_on is None:
        return f"since {short_day(anomaly.since)}"
    if anomaly.last_day == anomaly.since:
        return short_day(anomaly.since)
    return f"{short_day(anomaly.since)} to {short_day(anomaly.last_day)}"


def _what(anomaly: Anomaly, known: Sequence[Silence], today: date) -> str:
    silence = silence_of(known, anomaly.key, today) if anomaly.ended_on is None else None
    note = f", silenced until {short_day(silence.until)}" if silence else ""
    return f"{anomaly.title} ({LABELS[anomaly.severity].lower()}{note})"


def _silenced(known: Sequence[Silence]) -> Section:
    if not known:
        return Section("Silenced", lines=("Nothing is silenced.",))
    return Section(
        "Silenced",
        facts=tuple((f"until {short_day(silence.until)}", f"{silence.pattern}: {silence.why}") for silence in known),
    )


def _row(number: Number) -> tuple[str, str, str, str]:
    amounts = (_amount(number.this_week, number.unit), _amount(number.week_before, number.unit))
    return (number.name, *amounts, _change(number))


def _amount(value: float, unit: str) -> str:
    return f"{unit}{value:,.2f}" if unit else f"{value:,.0f}"


def _change(number: Number) -> str:
    if not number.week_before:
        return "new" if number.this_week else "same"
    change = (number.this_week - number.week_before) / number.week_before
    return f"{change:+.0%}" if round(change * 100) else "same"
