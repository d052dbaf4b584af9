"""Published too late: the mails of a missed deadline and of a snapshot that grows old."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from include.alerts.finding import Finding, Severity
from include.alerts.links import dag_url, page_url
from include.alerts.mail import Link, Mail
from include.alerts.news_mail import PREFIX
from include.alerts.wording import long_day

if TYPE_CHECKING:
    from include.alerts.snapshot import Stamp

DAILY = "carton_caps_daily"


def late_day(key: str, day: date) -> Finding:
    """That ``day`` should have been published and is not."""
    return Finding(
        key=key,
        severity=Severity.CRITICAL,
        title=f"{long_day(day)} is not published",
        day=day,
        advice="",
    )


def late_mail(missing: date, seen: Stamp | None, reason: str, now: datetime, run: str | None = None) -> Mail:
    """The mail about ``missing``, the newest day that readers should have; ``reason`` says by which rule it is late."""
    facts = (
        ("Late because", reason),
        ("Readers see", _what_readers_see(seen)),
        ("Looked at", f"{now:%Y-%m-%d %H:%M} UTC"),
    )
    links = [Link("Open the run in Airflow", run) if run else Link("Open the runs in Airflow", dag_url(DAILY))]
    return Mail(
        subject=f"{PREFIX} {long_day(missing)} is not published",
        lines=(
            f"The data of {long_day(missing)} has not reached the dashboard.",
            "Look at the newest run: does it wait for files, did a task fail, does Airflow run at all? "
            "On the machine itself, python -m include.pipeline status says what wants attention.",
        ),
        facts=facts,
        links=(*links, Link("Open the dashboard", page_url())),
        tone="critical",
    )


def newest_due_day(now: datetime, publish_by: timedelta) -> date:
    """The newest day whose deadline, ``publish_by`` after its end, has passed at ``now`` (UTC)."""
    return (now - publish_by).date() - timedelta(days=1)


def _what_readers_see(seen: Stamp | None) -> str:
    return f"data to {long_day(seen.last_day)}" if seen else "nothing: no snapshot has been published"
