"""A mail as a value: worded here, sent elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from html import escape


@dataclass(frozen=True)
class Mail:
    """One mail: a subject, and lines that make both its plain text and its HTML.

    ``facts`` are name and value pairs, shown as a table.
    """

    subject: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The plain text."""
        table = [f"{name}: {value}" for name, value in self.facts]
        return "\n".join([*self.lines, "", *table]).strip() + "\n"

    @property
    def html(self) -> str:
        """The same for a mail program that shows HTML; every word of it is escaped."""
        rows = "".join(
            f'<tr><td style="padding:2px 12px 2px 0;color:#555">{escape(name)}</td><td>{escape(value)}</td></tr>'
            for name, value in self.facts
        )
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in self.lines)
        return (
            '<html><body style="font-family:sans-serif;font-size:16px;max-width:40em">'
            f"<h2>{escape(self.subject)}</h2>{paragraphs}<table>{rows}</table></body></html>"
        )

    def message(self, sender: str, to: tuple[str, ...]) -> EmailMessage:
        """The message with both forms. A line break in the subject becomes a space: it would begin a new header."""
        message = EmailMessage()
        message["Subject"] = " ".join(self.subject.split())
        message["From"] = sender
        message["To"] = ", ".join(to)
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        return message
