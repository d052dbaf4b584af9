"""The two ways to a mail server: Airflow's connection ``smtp_default``, and the environment where Airflow is not."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from include.alerts.outbox import MailServerError, MailSession
from include.errors import CartonCapsError
from include.settings_list import default, value

CONNECTION = "smtp_default"
TIMEOUT_SECONDS = 10.0


@contextmanager
def airflow_connection() -> Iterator[MailSession]:
    """A session through the SMTP provider: host, log-in and sender are set in Airflow.

    Raises MailServerError when the connection is missing or its server does not answer.
    """
    from airflow.exceptions import AirflowException
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    try:
        hook = SmtpHook(smtp_conn_id=CONNECTION).get_conn()
    except (OSError, smtplib.SMTPException, AirflowException, RuntimeError) as error:
        raise MailServerError(
            f"The mail server does not answer: {error}. "
            f"Check host, port and log-in of the Airflow connection {CONNECTION}, and that its server runs."
        ) from error
    with hook:
        # The provider's own send_email_smtp knows HTML only; a mail must read well as plain text too.
        yield MailSession(cast(smtplib.SMTP, hook._smtp_client), hook.from_email or default("CARTON_MAIL_FROM"))


@contextmanager
def smtp_from_env() -> Iterator[MailSession]:
    """A session without Airflow: CARTON_SMTP_HOST, CARTON_SMTP_PORT and, where the server wants them, CARTON_SMTP_USER
    and CARTON_SMTP_PASSWORD; CARTON_SMTP_TLS is ``none``, ``starttls`` or ``ssl``; CARTON_MAIL_FROM is the sender.

    Raises MailServerError when the server does not answer or refuses the log-in.
    """
    host = value("CARTON_SMTP_HOST")
    port, tls = _port(), _tls()
    user = value("CARTON_SMTP_USER")
    try:
        client = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
            if tls == "ssl"
            else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        )
        if tls == "starttls":
            client.starttls(context=ssl.create_default_context())
        if user:
            client.login(user, value("CARTON_SMTP_PASSWORD"))
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerError(
            f"The mail server {host}:{port} does not answer: {error}. "
            "Check CARTON_SMTP_HOST, CARTON_SMTP_PORT, CARTON_SMTP_USER and CARTON_SMTP_TLS, and that it runs."
        ) from error
    with client:
        yield MailSession(client, value("CARTON_MAIL_FROM"))


def _port() -> int:
    text = value("CARTON_SMTP_PORT")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CartonCapsError(f"CARTON_SMTP_PORT is {text!r}: give a port number between 1 and 65535.")
    return int(text)


def _tls() -> str:
    tls = value("CARTON_SMTP_TLS")
    if tls not in ("none", "starttls", "ssl"):
        raise CartonCapsError(f"CARTON_SMTP_TLS is {tls!r}: give none, starttls or ssl.")
    return tls
