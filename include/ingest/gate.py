"""When a delivery is too broken to publish, and who let it pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from duckdb import DuckDBPyConnection

from include.contracts import TABLES
from include.ingest.errors import IngestError

EVERYTHING = "all"


@dataclass(frozen=True)
class Blocked:
    """One table and landing day that stops publishing."""

    table: str
    ds: date
    reason: str

    def text(self) -> str:
        """The block in one line."""
        return f"{self.table}:{self.ds}: {self.reason}"


def check_entries(accept: Sequence[str]) -> None:
    """Raise IngestError unless every entry is ``TABLE:DS`` of a landed table, or ``all``."""
    for entry in accept:
        table, _, day = entry.partition(":")
        try:
            if entry != EVERYTHING and (table not in TABLES or not date.fromisoformat(day)):
                raise ValueError
        except ValueError:
            raise IngestError(
                f"--accept-quarantine {entry}: give TABLE:YYYY-MM-DD or all, with TABLE one of {', '.join(TABLES)}."
            ) from None


def accept_quarantine(con: DuckDBPyConnection, accept: Sequence[str]) -> list[str]:
    """Record what an operator lets pass; returns the entries that named nothing blocked.

    An acceptance holds for what is loaded now. When the delivery changes, it is judged anew.
    """
    unused = []
    now = datetime.now(UTC).replace(tzinfo=None)
    for entry in accept:
        matching = [block for block in blocked(con) if entry in (EVERYTHING, f"{block.table}:{block.ds}")]
        if not matching:
            unused.append(entry)
        for block in matching:
            con.execute(
                "insert into ops.accepted_quarantine (table_name, ds, load_id, reason, accepted_as, accepted_at)"
                " select table_name, ds, load_id, ?, ?, ? from ops.gate where table_name = ? and ds = ?",
                [block.reason, entry, now, block.table, block.ds],
            )
    return unused


def blocked(con: DuckDBPyConnection) -> list[Blocked]:
    """Every table and landing day that stops publishing and that nobody has accepted, oldest day first."""
    return [
        Blocked(table, ds, _reason(rows, quarantined, refused, refusals))
        for table, ds, rows, quarantined, refused, refusals in con.execute(
            """
            select table_name, ds, row_count, rows_quarantined, refused_files, refusals
            from ops.gate as gate
            where not exists (
                select 1
                from ops.accepted_quarantine as accepted
                where
                    accepted.table_name = gate.table_name
                    and accepted.ds = gate.ds
                    and accepted.load_id >= gate.load_id
            )
            order by ds, table_name
            """
        ).fetchall()
    ]


def _reason(rows: int, quarantined: int, refused: int, refusals: str | None) -> str:
    reasons = []
    if refused:
        reasons.append(f"{refused} refused file{'s' if refused > 1 else ''}: {refusals}")
    if rows >= 20 and quarantined * 20 > rows:
        reasons.append(f"{quarantined:,} of {rows:,} rows in quarantine, more than 5 % (see raw.quarantine)")
    return "; ".join(reasons)
