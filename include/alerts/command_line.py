"""``python -m include.pipeline alerts ...`` and ``... watch``: their arguments and what they do."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from include.errors import CartonCapsError

if TYPE_CHECKING:
    import sqlite3

    from include.alerts.watch import Watched
    from include.settings import Paths


def alerts_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``alerts`` understands."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="open anomalies with their keys, silences, waiting mails")
    silence = actions.add_parser("silence", help="no mail about an anomaly until a day; the digest shows it")
    silence.add_argument("key", metavar="KEY", help="as `alerts list` shows it, or several: 'volume:*'")
    silence.add_argument(
        "--until", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD", help="the last silent day of the data"
    )
    silence.add_argument("--why", required=True, metavar="TEXT", help="the reason, for everybody who reads the digest")
    lift = actions.add_parser("lift", help="end a silence now")
    lift.add_argument("key", metavar="KEY", help="the key that was silenced")
    actions.add_parser("send", help="send the waiting mails now, without Airflow, through CARTON_SMTP_HOST and _PORT")


def watch_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``watch`` understands."""
    parser.add_argument(
        "--max-age-hours",
        type=float,
        default=36.0,
        metavar="HOURS",
        help="allowed hours since the end of the data (default 36; before a punctual daily run it is 30 hours old)",
    )


def run_alerts(arguments: argparse.Namespace, paths: Paths) -> str:
    """Do one action and return what to print.

    Raises CartonCapsError when it cannot be done, with the reason.
    """
    from include.alerts.silence import add_silence, lift_silence
    from include.alerts.store import transaction

    match arguments.action:
        case "silence":
            with transaction(paths) as con:
                made = add_silence(con, arguments.key, arguments.until, arguments.why)
            return f"No mail about {made.pattern} up to and including the data of {made.until}."
        case "lift":
            with transaction(paths) as con:
                lift_silence(con, arguments.key)
            return f"Mail about {arguments.key} goes out again."
        case "send":
            from include.alerts.outbox import drain
            from include.alerts.transport import smtp_from_env

            drained = drain(paths, smtp_from_env)
            if drained.trouble:
                raise CartonCapsError(drained.sentence)
            return drained.sentence
        case _:
            with transaction(paths) as con:
                return "\n".join(_listed(con))


def run_watch(arguments: argparse.Namespace, paths: Paths) -> Watched:
    """Look at the age of the snapshot, and mail when it is too old."""
    from include.alerts.transport import smtp_from_env
    from include.alerts.watch import watch

    return watch(paths, timedelta(hours=arguments.max_age_hours), datetime.now(UTC), smtp_from_env)


def _listed(con: sqlite3.Connection) -> Iterator[str]:
    from include.alerts.anomalies import open_anomalies
    from include.alerts.silence import silence_of, silences

    known = silences(con)
    for anomaly in open_anomalies(con):
        silence = silence_of(known, anomaly.key, anomaly.last_day)
        told = f"silenced until {silence.until}" if silence else "mailed" if anomaly.mailed_severity else "not mailed"
        yield f"Open      {anomaly.key}: {anomaly.title} ({anomaly.severity.name}, since {anomaly.since}, {told})"
    newest = con.execute("select date(max(as_of), '-1 day') from judged").fetchone()[0] or ""
    for silence in known:
        if silence.until.isoformat() < newest:
            continue  # it has ended by itself
        yield f"Silence   {silence.pattern} until {silence.until}: {silence.why}"
    for mail in con.execute(
        "select subject, queued_at, address, last_error from mails join deliveries using (mail_id)"
        " where sent_at is null order by mail_id, address"
    ):
        reason = f": {mail['last_error']}" if mail["last_error"] else ""
        yield f"Waiting   {mail['address']}: {mail['subject']} (since {mail['queued_at']}){reason}"
    sent = con.execute("select count(distinct mail_id) from deliveries where sent_at is not null").fetchone()[0]
    yield f"Sent      {sent} mails"
