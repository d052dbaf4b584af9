"""A real SMTP server on the loopback address, which a test can take down, make refuse an address, or keep waiting."""

from __future__ import annotations

import email
import email.policy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from functools import partial

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.places import HOST, free_port


class MailServer:
    """Keeps every message with the addresses it came for; ``refused`` addresses are answered with 550.

    While ``refuses_sender``, every sender is.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.received: list[tuple[EmailMessage, tuple[str, ...]]] = []
        self.refused: set[str] = set()
        self.refuses_sender = False
        self.refusals: list[str] = []  # what was refused, each time
        self.breaks_at = ""  # a subject at which the connection is cut
        self.answer = threading.Event()  # a message is answered once this is set
        self.answer.set()
        self.arrived = threading.Event()  # a message is here and not answered yet

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        if self.refuses_sender:
            return "530 log in first"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        if address in self.refused:
            self.refusals.append(address)
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.arrived.set()
        await server.loop.run_in_executor(None, partial(self.answer.wait, 30))
        message = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
        if self.breaks_at and message["Subject"] == self.breaks_at:
            server.transport.abort()
            return "250 never heard"
        self.received.append((message, tuple(envelope.rcpt_tos)))  # type: ignore[arg-type]
        return "250 kept"

    @contextmanager
    def up(self) -> Iterator[None]:
        """The server listens during the block."""
        controller = Controller(self, hostname=HOST, port=self.port, ready_timeout=20)
        controller.start()
        try:
            yield
        finally:
            self.answer.set()
            controller.stop()

    @property
    def subjects(self) -> list[str]:
        """Subjects in the order of arrival."""
        return [message["Subject"] for message, _ in self.received]

    @property
    def env(self) -> dict[str, str]:
        """The variables by which a program without Airflow finds it."""
        return {"CARTON_SMTP_HOST": HOST, "CARTON_SMTP_PORT": str(self.port)}
