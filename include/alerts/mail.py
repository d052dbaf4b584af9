"""A mail as a value: worded here, rendered by ``render``, sent elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

#: How a part of a mail is coloured.
Tone = Literal["critical", "warning", "good", "neutral"]

#: Mail programs show about this much of a subject, phones less.
LONGEST_SUBJECT = 110


@dataclass(frozen=True)
class Link:
    """A labelled address of the web app or of Airflow."""

    label: str
    url: str


@dataclass(frozen=True)
class Bar:
    """One bar of a picture: its height in pixels, and whether it is the one that the mail is about."""

    height: int
    is_marked: bool


@dataclass(frozen=True)
class Picture:
    """The last weeks as bars, and the same in words for plain text and for people who listen to their mail."""

    bars: tuple[Bar, ...]
    caption: str
    words: str


@dataclass(frozen=True)
class Table:
    """A small table; ``header`` names its columns, and the first column names each row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of a mail: one finding, one list of the digest.

    ``label`` says above the heading how soon to look; ``facts`` are name and value pairs.
    """

    heading: str
    label: str = ""
    tone: Tone = "neutral"
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    picture: Picture | None = None
    table: Table | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Mail:
    """One mail: a subject, and lines, facts and sections that make both its plain text and its HTML.

    ``facts`` are name and value pairs, shown as a table. A value that is a web address becomes a link.
    """

    subject: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()
    tone: Tone = "neutral"

    @property
    def header_subject(self) -> str:
        """The subject as a header: a line break would begin a new header, and the end of a long one is never seen."""
        line = " ".join(self.subject.split())
        return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 2] + " …"

    @property
    def text(self) -> str:
        """The plain text."""
        from include.alerts.render import as_text

        return as_text(self)

    @property
    def html(self) -> str:
        """The same for a mail program that shows HTML; every word of it is escaped."""
        from include.alerts.render import as_html

        return as_html(self)

    def message(
        self, sender: str | None, to: tuple[str, ...], *, message_id: str | None = None, at: datetime | None = None
    ) -> EmailMessage:
        """The message with both forms. Without ``sender`` it has no From yet: the queue learns it when it sends."""
        message = EmailMessage()
        message["Subject"] = self.header_subject
        if sender:
            message["From"] = sender
        message["To"] = ", ".join(to)
        if message_id:
            message["Message-ID"] = message_id
        if at:
            message["Date"] = format_datetime(at)
        message["Auto-Submitted"] = "auto-generated"  # an absent reader's answering machine stays silent
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        return message
