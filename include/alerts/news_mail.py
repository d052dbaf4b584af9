"""One publication's news as mails: each reader gets one, with what is theirs, the most severe first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from include.alerts.anomalies import Anomaly, News
from include.alerts.finding import Severity
from include.alerts.finding_section import TONES, ended_section, finding_section
from include.alerts.links import page_url
from include.alerts.mail import Link, Mail, Section
from include.alerts.recipients import readers
from include.alerts.wording import counted, long_day, short_day

PREFIX = "[Carton Caps]"


def news_mails(news: News, run: str | None) -> tuple[tuple[Mail, tuple[str, ...]], ...]:
    """Mails with their addresses; ``run`` is the address of the run in Airflow. None when nothing is news.

    Readers whose news are the same share one mail.
    """
    by_reader: dict[str, News] = {}
    for address in dict.fromkeys(
        address for key in [*(f.key for f, _ in news.found), *(a.key for a in news.ended)] for address in readers(key)
    ):
        by_reader[address] = replace(
            news,
            found=tuple(pair for pair in news.found if address in readers(pair[0].key)),
            ended=tuple(anomaly for anomaly in news.ended if address in readers(anomaly.key)),
            still_open=tuple(anomaly for anomaly in news.still_open if address in readers(anomaly.key)),
        )
    shared: dict[News, list[str]] = {}
    for address, own in by_reader.items():
        shared.setdefault(own, []).append(address)
    return tuple((news_mail(own, run), tuple(addresses)) for own, addresses in shared.items())


def news_mail(news: News, run: str | None) -> Mail:
    """The mail about what began, got worse or ended."""
    found = sorted(news.found, key=lambda pair: -pair[0].severity)
    sections = [finding_section(finding, first_day) for finding, first_day in found]
    sections += [ended_section(anomaly, news.day) for anomaly in news.ended]
    if news.still_open:
        sections.append(_still_open(news.still_open))
    links = [Link("Open the dashboard", page_url())]
    if run:
        links.append(Link("Open the run in Airflow", run))
    return Mail(
        subject=f"{PREFIX} {_subject(news, [finding.title for finding, _ in found])}",
        lines=(_opening(news),),
        sections=tuple(sections),
        links=tuple(links),
        tone=TONES[found[0][0].severity] if found else "good",
    )


def all_usual_mail(day: date, still_open: tuple[Anomaly, ...], run: str | None) -> Mail:
    """The answer to somebody who asked for a mail although nothing is news."""
    quiet = News(day, still_open=still_open)
    return replace(
        news_mail(quiet, run),
        subject=f"{PREFIX} Nothing new on {long_day(day)}",
        lines=(f"Nothing new looks wrong in the data of {long_day(day)}. Somebody asked for this mail in Airflow.",),
    )


def _subject(news: News, titles: list[str]) -> str:
    if not titles:
        over = [anomaly.title for anomaly in news.ended]
        return f"Over: {over[0]}" if len(over) == 1 else f"{len(over)} things are over"
    if len(titles) == 1:
        return titles[0]
    return f"{len(titles)} things look wrong: {titles[0]}"


def _opening(news: News) -> str:
    severe = sum(finding.severity == Severity.CRITICAL for finding, _ in news.found)
    parts = [
        counted(severe, "thing to look at today", "things to look at today") if severe else "",
        counted(len(news.found) - severe, "for this week", "for this week") if len(news.found) > severe else "",
        f"{len(news.ended)} over" if news.ended else "",
    ]
    return f"Data of {long_day(news.day)}: {', '.join(part for part in parts if part)}."


def _still_open(anomalies: tuple[Anomaly, ...]) -> Section:
    return Section(
        heading="Still open, mailed before",
        facts=tuple((f"since {short_day(anomaly.since)}", anomaly.title) for anomaly in anomalies),
    )
