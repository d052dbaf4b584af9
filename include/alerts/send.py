"""Sending through the SMTP provider and the connection ``smtp_default``: host, log-in and sender are set there."""

from __future__ import annotations

import os
import smtplib
from typing import cast

from include.alerts.mail import Mail
from include.errors import CartonCapsError

CONNECTION = "smtp_default"
DEFAULT_RECIPIENT = "oncall@carton-caps.example"


class MailNotSentError(CartonCapsError):
    """A mail could not be sent."""


def recipients() -> tuple[str, ...]:
    """The addresses of CARTON_ALERT_RECIPIENTS, comma-separated; one example address when it is not set."""
    listed = os.environ.get("CARTON_ALERT_RECIPIENTS") or DEFAULT_RECIPIENT
    return tuple(address.strip() for address in listed.split(",") if address.strip())


def send(mail: Mail, to: tuple[str, ...]) -> None:
    """Send one mail to all of ``to``.

    Raises MailNotSentError when the server does not take it; the caller's retry is the second chance.
    """
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    try:
        with SmtpHook(smtp_conn_id=CONNECTION) as hook:
            message = mail.message(hook.from_email or "carton-caps@localhost.example", to)
            # The provider's own send_email_smtp knows HTML only; a mail must read well as plain text too.
            client = cast(smtplib.SMTP, hook._smtp_client)
            client.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSentError(
            f"The mail {mail.subject!r} could not be sent: {error}. "
            f"Check host and port of the Airflow connection {CONNECTION}, and that its server runs."
        ) from error
