"""What an import did, for the person who started it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from include.errors import CartonCapsError


class ImportRefusedError(CartonCapsError):
    """The input cannot be imported as it is; nothing was written."""


@dataclass(frozen=True)
class ImportReport:
    """The landing day written: rows by table, and counted oddities, each a sentence with its number of rows."""

    ds: date
    rows: dict[str, int]
    oddities: dict[str, int]

    def __str__(self) -> str:
        lines = [f"Landing day {self.ds} is complete:"]
        lines += [f"  {table}: {count:,} rows" for table, count in self.rows.items()]
        lines += [f"  note: {count:,} x {what}" for what, count in self.oddities.items()]
        return "\n".join(lines)


def counted(oddities: Counter[str]) -> dict[str, int]:
    """The oddities that did occur, most frequent first."""
    return {what: count for what, count in oddities.most_common() if count}
