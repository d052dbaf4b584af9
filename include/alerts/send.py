"""Mailing from where Airflow runs: into the queue first, then out through the connection ``smtp_default``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from include.alerts import outbox
from include.alerts.recipients import recipients
from include.alerts.store import transaction
from include.alerts.transport import airflow_connection
from include.settings import data_dir

if TYPE_CHECKING:
    from include.alerts.mail import Mail
    from include.alerts.outbox import Drained

__all__ = ["MailsWaitError", "queue", "recipients", "send_waiting"]


class MailsWaitError(outbox.MailServerError):
    """Mails wait for a server that is away."""


def queue(mail: Mail, to: tuple[str, ...]) -> None:
    """Queue one mail about a run to all of ``to``; ``send_waiting`` sends it."""
    with transaction(data_dir()) as con:
        outbox.put(con, mail, to, "run")


def send_waiting(*, must_succeed: bool) -> Drained:
    """Send what waits in the queue.

    Raises MailsWaitError when the server is away and ``must_succeed``: then Airflow's retry is the next try.
    """
    drained = outbox.drain(data_dir(), airflow_connection)
    if drained.trouble and must_succeed:
        raise MailsWaitError(f"{drained.sentence} The mails stay queued until they are sent.")
    return drained
