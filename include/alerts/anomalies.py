"""Which anomalies are open and what is news about them: an anomaly is mailed once while it lasts, and its end once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from include.alerts.finding import Finding, Severity
from include.alerts.silence import silence_of, silences


@dataclass(frozen=True)
class Anomaly:
    """Something that looks wrong for a while; ``ended_on`` is None while it lasts."""

    key: str
    source: str
    severity: Severity
    title: str
    page: str
    since: date
    last_day: date
    mailed_severity: int | None
    ended_on: date | None


@dataclass(frozen=True)
class News:
    """What a mail has to tell: findings with the day since when they last, anomalies that ended, others still open."""

    day: date
    found: tuple[tuple[Finding, date], ...] = ()
    ended: tuple[Anomaly, ...] = ()
    still_open: tuple[Anomaly, ...] = ()

    @property
    def is_worth_a_mail(self) -> bool:
        """Whether anything began, got worse or ended."""
        return bool(self.found or self.ended)


def update(con: sqlite3.Connection, found: Sequence[Finding], day: date, source: str = "check") -> News:
    """Remember what ``source`` found on ``day`` of the data, end what it no longer finds, and return what is news.

    An anomaly is news when no mail has told of it or when it has become more severe; its end is news when a mail told
    of it. INFO is for the digest and never news. A silenced anomaly counts as never mailed: it is news again when the
    silence ends and it still lasts, and its end under the silence is not.
    """
    news, known_silences = [], silences(con)
    for finding in found:
        anomaly = _remember(con, finding, source)
        if silence_of(known_silences, finding.key, finding.day):
            _set_mailed(con, finding.key, None)
        elif finding.severity > max(anomaly.mailed_severity or 0, Severity.INFO):
            _set_mailed(con, finding.key, finding.severity)
            news.append((finding, anomaly.since))
    found_keys = {finding.key for finding in found}
    ended = []
    for anomaly in [a for a in open_anomalies(con) if a.source == source and a.key not in found_keys]:
        _end(con, anomaly.key, day)
        if anomaly.mailed_severity and not silence_of(known_silences, anomaly.key, day):
            ended.append(anomaly)
    told = {finding.key for finding, _ in news}
    still_open = [a for a in open_anomalies(con) if a.key not in told and a.mailed_severity]
    return News(day, tuple(news), tuple(ended), tuple(still_open))


def open_anomalies(con: sqlite3.Connection) -> tuple[Anomaly, ...]:
    """What lasts, the most severe first."""
    return _read(con, "where ended_on is null order by severity desc, since, key")


def anomalies_of(con: sqlite3.Connection, first: date, last: date) -> tuple[Anomaly, ...]:
    """What was seen on a day from ``first`` to ``last``, open or ended, the most severe first."""
    return _read(
        con,
        "where last_day >= ? and since <= ? order by severity desc, since, key",
        (first.isoformat(), last.isoformat()),
    )


def _remember(con: sqlite3.Connection, finding: Finding, source: str) -> Anomaly:
    """Open the anomaly of a finding, or bring the open one up to date, and return it."""
    con.execute(
        "insert into anomalies (key, source, severity, title, page, since, last_day) values (?, ?, ?, ?, ?, ?, ?)"
        " on conflict (key) where ended_on is null do update"
        " set severity = excluded.severity, title = excluded.title, page = excluded.page,"
        " last_day = max(last_day, excluded.last_day)",
        [
            finding.key,
            source,
            int(finding.severity),
            finding.title,
            finding.page,
            finding.day.isoformat(),
            finding.day.isoformat(),
        ],
    )
    return _read(con, "where ended_on is null and key = ?", (finding.key,))[0]


def _set_mailed(con: sqlite3.Connection, key: str, severity: int | None) -> None:
    mailed = None if severity is None else int(severity)
    con.execute("update anomalies set mailed_severity = ? where key = ? and ended_on is null", [mailed, key])


def _end(con: sqlite3.Connection, key: str, day: date) -> None:
    con.execute("update anomalies set ended_on = ? where key = ? and ended_on is null", [day.isoformat(), key])


def _read(con: sqlite3.Connection, where: str, values: Sequence[str] = ()) -> tuple[Anomaly, ...]:
    rows = con.execute(f"select * from anomalies {where}", values)
    return tuple(
        Anomaly(
            key=row["key"],
            source=row["source"],
            severity=Severity(row["severity"]),
            title=row["title"],
            page=row["page"],
            since=date.fromisoformat(row["since"]),
            last_day=date.fromisoformat(row["last_day"]),
            mailed_severity=row["mailed_severity"],
            ended_on=date.fromisoformat(row["ended_on"]) if row["ended_on"] else None,
        )
        for row in rows
    )
