"""The queue of outgoing mail: written in the transaction of what a mail tells, sent afterwards, its row kept for good.

A mail reaches each of its addresses at least once. Twice only when the sender dies, or loses the server's answer,
between the server's taking it and its own note of that; both copies then carry the same Message-ID, by which a mail
program or a person sees the double.
"""

from __future__ import annotations

import email
import email.policy
import fcntl
import logging
import smtplib
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from include.alerts.mail import Mail
from include.alerts.store import store_file, transaction, utc_now
from include.errors import CartonCapsError

if TYPE_CHECKING:
    from include.settings import Paths

log = logging.getLogger("carton_caps")

#: An address that a server refuses for good is tried again after this long: it may be mended, and it costs little.
REFUSED_PAUSE = timedelta(days=1)

#: The answer of a server that broke off.
LOST = (421, "the mail server broke off")

_MESSAGE_ID_DOMAIN = "carton-caps.example"


class MailServerError(CartonCapsError):
    """The mail server cannot be reached, wants another log-in or another sender; the queue keeps what waits."""


@dataclass(frozen=True)
class MailSession:
    """An open connection to a mail server, and the address that mails come from."""

    client: smtplib.SMTP
    sender: str


#: Opens a session; entering it raises MailServerError when the server is away.
Transport = Callable[[], AbstractContextManager[MailSession]]


@dataclass(frozen=True)
class Waiting:
    """A mail that has not reached all its addresses."""

    mail_id: int
    subject: str
    message: bytes
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Drained:
    """What a drain did: mails sent to at least one address, deliveries still waiting, and why if the server failed."""

    sent: int
    waiting: int
    trouble: str | None = None

    @property
    def sentence(self) -> str:
        """For a task's log."""
        said = f"{self.sent} mails sent, {self.waiting} deliveries wait"
        return f"{said}: {self.trouble}" if self.trouble else f"{said}."


def put(
    con: sqlite3.Connection, mail: Mail, to: Sequence[str], kind: str, *, occasion: str | None = None
) -> int | None:
    """Queue a mail in the caller's transaction and return its id; None when its ``occasion`` was queued before."""
    now = datetime.now(UTC)
    message_id = f"<{uuid.uuid4().hex}@{_MESSAGE_ID_DOMAIN}>"
    message = mail.message(None, tuple(to), message_id=message_id, at=now)
    queued = con.execute(
        "insert into mails (message_id, occasion, kind, subject, message, queued_at) values (?, ?, ?, ?, ?, ?)"
        " on conflict (occasion) do nothing returning mail_id",
        [message_id, occasion, kind, mail.header_subject, message.as_bytes(policy=email.policy.SMTP), utc_now()],
    ).fetchone()
    if queued is None:
        return None
    con.executemany(
        "insert or ignore into deliveries (mail_id, address) values (?, ?)", [(queued[0], address) for address in to]
    )
    return int(queued[0])


def drain(paths: Paths, transport: Transport, *, only: Sequence[int] | None = None) -> Drained:
    """Send what waits, oldest first; with ``only``, no other mails than these.

    One process drains at a time: another that comes meanwhile leaves its mails to the first, which looks again before
    it ends. A server that is away ends the drain, and everything stays queued.
    """
    sent: set[int] = set()
    tried: set[int] = set()
    trouble: str | None = None
    while trouble is None and _waiting(paths, only, tried):
        with _alone(paths) as is_alone:
            if not is_alone:
                break
            # Asked again under the lock: another process may have sent them just now.
            if mails := _waiting(paths, only, tried):
                trouble = _send_all(paths, mails, transport, sent, tried)
    return Drained(len(sent), waiting_deliveries(paths), trouble)


def waiting_deliveries(paths: Paths) -> int:
    """How many addresses still wait for a mail."""
    with transaction(paths) as con:
        return int(con.execute("select count(*) from deliveries where sent_at is null").fetchone()[0])


def empty_sent(paths: Paths, days: int) -> int:
    """Drop the text of mails that were queued more than ``days`` ago and have reached all addresses; returns how many.

    Their rows stay: what may be mailed once only is never mailed again, and ``ops.alerts_sent`` follows them.
    """
    if not store_file(paths).exists():
        return 0
    before = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    with transaction(paths) as con:
        return con.execute(
            "update mails set message = x'' where queued_at < ? and length(message) > 0"
            " and mail_id not in (select mail_id from deliveries where sent_at is null)",
            [before],
        ).rowcount


def _send_all(
    paths: Paths, mails: Sequence[Waiting], transport: Transport, sent: set[int], tried: set[int]
) -> str | None:
    """Send each of ``mails``; returns what went wrong with the server, None when it took or refused them all."""
    try:
        with transport() as session:
            for mail in mails:
                tried.add(mail.mail_id)
                refused = _send(session, mail)
                _note(paths, mail, refused)
                if len(refused) < len(mail.addresses):
                    sent.add(mail.mail_id)
                if LOST in refused.values():
                    return _logged(f"the mail server broke off at {mail.subject!r}")
    except (MailServerError, OSError) as error:  # smtplib's errors are OSErrors
        return _logged(str(error))
    return None


def _send(session: MailSession, mail: Waiting) -> Mapping[str, tuple[int, str]]:
    """Offer one mail to the server; returns the addresses it did not reach, with code and reason.

    Raises MailServerError when the server refuses the sender: that is no fault of this mail.
    """
    message = email.message_from_bytes(mail.message, policy=email.policy.SMTP)
    message["From"] = session.sender
    try:
        refused = session.client.send_message(message, to_addrs=list(mail.addresses))
        return {address: (code, _text(reason)) for address, (code, reason) in refused.items()}
    except smtplib.SMTPSenderRefused as error:
        raise MailServerError(
            f"The mail server takes no mail from {session.sender}: {error.smtp_code} {_text(error.smtp_error)}. "
            "Set the log-in and the sender (from_email) of the connection smtp_default, or CARTON_MAIL_FROM."
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        return {address: (code, _text(reason)) for address, (code, reason) in error.recipients.items()}
    except smtplib.SMTPResponseException as error:
        answer = (error.smtp_code, _text(error.smtp_error))
    except smtplib.SMTPServerDisconnected:
        answer = LOST
    except (smtplib.SMTPException, ValueError) as error:
        # This one mail cannot be put into the server's language; the others must not wait for it.
        answer = (554, str(error))
    except OSError:
        answer = LOST
    return dict.fromkeys(mail.addresses, answer)


def _note(paths: Paths, mail: Waiting, refused: Mapping[str, tuple[int, str]]) -> None:
    now = datetime.now(UTC)
    with transaction(paths) as con:
        for address in mail.addresses:
            if address not in refused:
                con.execute(
                    "update deliveries set sent_at = ?, last_error = null, try_after = null"
                    " where mail_id = ? and address = ?",
                    [utc_now(), mail.mail_id, address],
                )
                continue
            code, reason = refused[address]
            log.warning("The mail server refused %s for %r: %s %s", address, mail.subject, code, reason)
            try_after = (now + REFUSED_PAUSE).isoformat(timespec="seconds") if code >= 500 else None
            con.execute(
                "update deliveries set last_error = ?, try_after = ? where mail_id = ? and address = ?",
                [f"{code} {reason}", try_after, mail.mail_id, address],
            )


def _waiting(paths: Paths, only: Sequence[int] | None, tried: set[int]) -> list[Waiting]:
    with transaction(paths) as con:
        rows = con.execute(
            "select mail_id, subject, message, address from mails join deliveries using (mail_id)"
            " where sent_at is null and (try_after is null or try_after <= ?)"
            # A mail at which the server broke off must not keep the others from being tried first.
            " order by last_error is not null, mail_id, address",
            [utc_now()],
        ).fetchall()
    mails: dict[int, Waiting] = {}
    for row in rows:
        if row["mail_id"] in tried or (only is not None and row["mail_id"] not in only):
            continue
        before = mails.get(row["mail_id"])
        addresses = (*(before.addresses if before else ()), row["address"])
        mails[row["mail_id"]] = Waiting(row["mail_id"], row["subject"], row["message"], addresses)
    return list(mails.values())


@contextmanager
def _alone(paths: Paths) -> Iterator[bool]:
    """Whether this process is the only one that sends now. The system takes the lock away from a process that dies."""
    with (paths.alerts / "drain.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _logged(trouble: str) -> str:
    log.warning("Mails wait in the queue: %s", trouble)
    return trouble


def _text(reason: bytes | str) -> str:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return " ".join(text.split())
