"""From the published snapshot to queued mails: each publication is judged once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from include.alerts import outbox
from include.alerts.anomalies import News, open_anomalies, update
from include.alerts.checks import findings
from include.alerts.news_mail import all_usual_mail, news_mails
from include.alerts.recipients import recipients
from include.alerts.snapshot import Stamp, stamp
from include.alerts.store import transaction, utc_now
from include.alerts.wording import counted, long_day

if TYPE_CHECKING:
    import sqlite3

    from include.alerts.finding import Finding
    from include.settings import Paths

log = logging.getLogger("carton_caps")

Checks = Callable[["Paths"], "tuple[Finding, ...]"]


def judge(
    paths: Paths, run: str | None = None, *, checks: Checks = findings, mail_anyway: bool = False
) -> tuple[str, ...]:
    """Run ``checks`` on the current snapshot, remember what they find and queue what is news; returns what was queued.

    ``run`` is the address of the run that published. A build that was judged before, and one whose T is older than that
    of a judged one, change nothing. ``mail_anyway`` queues a mail even then.

    Raises NothingPublishedError when there is no snapshot.
    """
    seen, found = _found(paths, checks)
    with transaction(paths) as con:
        queued = []
        if not _is_known(con, seen):
            news = _with_end_of_lateness(con, update(con, found, seen.last_day), seen)
            for mail, to in news_mails(news, run):
                outbox.put(con, mail, to, "anomalies")
                queued.append(mail.header_subject)
            con.execute("insert into judged values (?, ?, ?)", [seen.build_id, seen.as_of.isoformat(), utc_now()])
        if mail_anyway and not queued:
            mail = all_usual_mail(seen.last_day, open_anomalies(con), run)
            outbox.put(con, mail, recipients(), "anomalies")
            queued.append(mail.header_subject)
    log.info("%s: %s", long_day(seen.last_day), counted(len(found), "finding", "findings"))
    return tuple(queued)


def _found(paths: Paths, checks: Checks) -> tuple[Stamp, tuple[Finding, ...]]:
    """The findings and the stamp of one and the same snapshot: another may be published between two looks."""
    while True:
        before = stamp(paths)
        found = checks(paths)
        if stamp(paths) == before:
            return before, found


def _is_known(con: sqlite3.Connection, seen: Stamp) -> bool:
    build, newest = con.execute(
        "select (select 1 from judged where build_id = ?), (select max(as_of) from judged)", [seen.build_id]
    ).fetchone()
    return bool(build) or (newest is not None and seen.as_of.isoformat() < newest)


def _with_end_of_lateness(con: sqlite3.Connection, news: News, seen: Stamp) -> News:
    """The news, and the end of a missed deadline when this publication has caught up with it."""
    late = [anomaly for anomaly in open_anomalies(con) if anomaly.source == "deadline"]
    if not late or any(anomaly.last_day > seen.last_day for anomaly in late):
        return news
    ended = update(con, (), seen.last_day, "deadline").ended
    over = {anomaly.key for anomaly in late}
    still_open = tuple(anomaly for anomaly in news.still_open if anomaly.key not in over)
    return replace(news, ended=(*news.ended, *ended), still_open=still_open)
