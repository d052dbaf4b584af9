"""Silences: anomalies about which nobody wants mail for a while. Each ends by itself on a day that its maker named."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from include.alerts.store import utc_now
from include.errors import CartonCapsError


class SilenceError(CartonCapsError):
    """A silence that cannot be made or lifted."""


@dataclass(frozen=True)
class Silence:
    """No mail about keys like ``pattern`` (a key, or ``volume:*``) up to and including the data of ``until``."""

    pattern: str
    until: date
    why: str

    def covers(self, key: str, day: date) -> bool:
        """Whether mail about ``key`` on ``day`` of the data is held back."""
        return day <= self.until and fnmatchcase(key, self.pattern)


def add_silence(con: sqlite3.Connection, pattern: str, until: date, why: str) -> Silence:
    """Begin a silence; one for the same pattern takes the place of the earlier one.

    Raises SilenceError without a key or a reason.
    """
    if not pattern.strip() or not why.strip():
        raise SilenceError("A silence needs the key of the anomaly and a reason: the digest shows both to everybody.")
    con.execute("update silences set lifted_at = ? where pattern = ? and lifted_at is null", [utc_now(), pattern])
    con.execute(
        "insert into silences (pattern, until, why, made_at) values (?, ?, ?, ?)",
        [pattern, until.isoformat(), why.strip(), utc_now()],
    )
    return Silence(pattern, until, why.strip())


def lift_silence(con: sqlite3.Connection, pattern: str) -> None:
    """End a silence now. Raises SilenceError when there is none for ``pattern``."""
    lifted = con.execute(
        "update silences set lifted_at = ? where pattern = ? and lifted_at is null", [utc_now(), pattern]
    )
    if not lifted.rowcount:
        raise SilenceError(f"There is no silence for {pattern!r}. See them: python -m include.pipeline alerts list.")


def silences(con: sqlite3.Connection) -> tuple[Silence, ...]:
    """Every silence that nobody has lifted, the ones that have ended by themselves too; the first to end first."""
    rows = con.execute("select pattern, until, why from silences where lifted_at is null order by until, pattern")
    return tuple(Silence(row["pattern"], date.fromisoformat(row["until"]), row["why"]) for row in rows)


def silence_of(known: Sequence[Silence], key: str, day: date) -> Silence | None:
    """The silence that holds back mail about ``key`` on ``day``, the one that lasts longest; None without one."""
    covering = [silence for silence in known if silence.covers(key, day)]
    return max(covering, key=lambda silence: silence.until, default=None)
