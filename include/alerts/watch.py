"""Watching the watcher: is the snapshot as new as it should be? Needs no Airflow, so that cron can ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import duckdb

from include.alerts import outbox
from include.alerts.anomalies import News, update
from include.alerts.finding import Finding
from include.alerts.lateness import late_day, late_mail
from include.alerts.news_mail import news_mails
from include.alerts.recipients import readers
from include.alerts.silence import silence_of, silences
from include.alerts.snapshot import NothingPublishedError, Stamp, stamp
from include.alerts.store import transaction

if TYPE_CHECKING:
    import sqlite3

    from include.settings import Paths

KEY = "publication:age"


@dataclass(frozen=True)
class Watched:
    """What was seen; ``sentence`` is for the command line."""

    is_fresh: bool
    sentence: str


def watch(paths: Paths, max_age: timedelta, now: datetime, transport: outbox.Transport) -> Watched:
    """Mail when the data of the snapshot ends more than ``max_age`` before ``now`` (UTC), or there is none.

    While that lasts one mail a day goes out, and one when it is over. A mail that could not be sent is tried again at
    the next call. Only these mails are sent: the others in the queue are for Airflow's mail server, maybe another.
    """
    seen, reason = _look(paths, max_age, now)
    with transaction(paths) as con:
        if seen and not reason:
            _queue_end(con, seen)
        else:
            missing = seen.as_of.date() if seen else (now - timedelta(days=1)).date()
            _queue_reminder(con, late_day(KEY, missing), seen, reason, now)
        own = [row["mail_id"] for row in con.execute("select mail_id from mails where kind = 'watch'")]
    drained = outbox.drain(paths, transport, only=own)
    sentence = f"Too old: {reason}." if reason else "The snapshot is as new as it should be."
    if drained.trouble:
        sentence += f" The mail waits: {drained.trouble}"
    return Watched(not reason, sentence)


def _look(paths: Paths, max_age: timedelta, now: datetime) -> tuple[Stamp | None, str]:
    """The stamp of the snapshot, and why it is too old: an empty text when it is not."""
    try:
        seen = stamp(paths)
    except NothingPublishedError:
        return None, f"there is no snapshot at {paths.current}"
    except duckdb.Error as error:
        return None, f"the snapshot {paths.current} cannot be read: {error}"
    age = now.replace(tzinfo=None) - seen.as_of
    if age <= max_age:
        return seen, ""
    return seen, (
        f"the data ends at {seen.as_of:%Y-%m-%d %H:%M} UTC, {_hours(age)} hours ago, and {_hours(max_age)} are allowed"
    )


def _queue_reminder(con: sqlite3.Connection, finding: Finding, seen: Stamp | None, reason: str, now: datetime) -> None:
    update(con, (finding,), finding.day, "watch")
    if not silence_of(silences(con), KEY, finding.day):
        mail = late_mail(finding.day, seen, reason, now)
        outbox.put(con, mail, readers(KEY), "watch", occasion=f"watch:{now.date()}")


def _queue_end(con: sqlite3.Connection, seen: Stamp) -> None:
    ended = update(con, (), seen.last_day, "watch").ended
    for mail, to in news_mails(News(seen.last_day, ended=ended), None):
        outbox.put(con, mail, to, "watch")


def _hours(age: timedelta) -> str:
    return f"{age.total_seconds() / 3600:.0f}"
