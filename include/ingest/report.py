"""What a load did, for a person and for the pipeline."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from include.ingest.errors import DeliveryBlocked
from include.ingest.gate import Blocked
from include.ingest.stage import Staged

if TYPE_CHECKING:
    from include.ingest.day import DayLoad

# a day's delivery is shown file by file, a bulk load table by table: about 25 lines either way
_FILES_SHOWN = 9
_REASONS_SHOWN = 3
_LINES_SHOWN = 4


@dataclass(frozen=True)
class FileReceipt:
    """What became of one file. ``reasons`` counts the quarantined rows by reason; one row may have several."""

    label: str
    state: Literal["loaded", "refused"]
    rows_loaded: int = 0
    rows_quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    refusal: str | None = None

    @property
    def table(self) -> str:
        """The landed table that the file belongs to."""
        return self.label.split("/", 1)[0]

    @classmethod
    def of(cls, staged: Staged) -> FileReceipt:
        """The receipt of a file that could be read."""
        reasons = Counter(reason for broken in staged.quarantined for reason in broken.reason.split("; "))
        return cls(staged.file.label, "loaded", staged.rows_to_load, len(staged.quarantined), reasons)

    def lines(self) -> list[str]:
        """The receipt in words: one line, and one more per frequent reason."""
        if self.state == "refused":
            return [f"  {self.label}: REFUSED, {self.refusal}"]
        return _lines(self.label, self.rows_loaded, self.rows_quarantined, self.reasons)


@dataclass
class LoadReport:
    """One ``load_days``: only what it loaded; unchanged files are not in it."""

    days: list[date] = field(default_factory=list)
    load_ids: list[int] = field(default_factory=list)
    files: list[FileReceipt] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)

    def add(self, ds: date, load: DayLoad) -> None:
        """Take in the load of one day."""
        self.days.append(ds)
        self.load_ids.append(load.load_id)
        self.files += load.receipts
        self.warnings += load.warnings

    @property
    def rows_loaded(self) -> int:
        """Rows that entered ``raw``."""
        return sum(receipt.rows_loaded for receipt in self.files)

    @property
    def rows_quarantined(self) -> int:
        """Rows that entered ``raw.quarantine``."""
        return sum(receipt.rows_quarantined for receipt in self.files)

    def text(self) -> str:
        """The receipt of the delivery, for a person: by file, or by table when there are many files.

        The exact list is in ``ops.landing_files`` and ``raw.quarantine``.
        """
        if not self.days:
            lines = ["Nothing new to load."]
        else:
            span = str(self.days[0]) if len(self.days) == 1 else f"{self.days[0]} .. {self.days[-1]}"
            lines = [
                f"Loaded {len(self.days)} landing days ({span}): {len(self.files)} files, {self.rows_loaded:,} rows,"
                f" {self.rows_quarantined:,} in quarantine."
            ]
        if len(self.files) <= _FILES_SHOWN:
            for receipt in self.files:
                lines += receipt.lines()
        else:
            lines += self._lines_by_table()
        lines += _few(
            [f"! {warning}" for warning in self.warnings], "warnings; see `python -m include.pipeline status`"
        )
        lines += _few([f"! BLOCKED {block.text()}" for block in self.blocked], "blocked deliveries; see ops.gate")
        return "\n".join(lines)

    def _lines_by_table(self) -> list[str]:
        lines = []
        for table in dict.fromkeys(receipt.table for receipt in self.files):
            receipts = [receipt for receipt in self.files if receipt.table == table and receipt.state == "loaded"]
            reasons: Counter[str] = sum((receipt.reasons for receipt in receipts), Counter())
            rows = sum(receipt.rows_loaded for receipt in receipts)
            quarantined = sum(receipt.rows_quarantined for receipt in receipts)
            lines += _lines(f"{table}, {len(receipts):,} files", rows, quarantined, reasons, shown=1)
        refused = [line for receipt in self.files if receipt.state == "refused" for line in receipt.lines()]
        return lines + _few(refused, "refused files; see ops.landing_files")

    def raise_if_blocked(self) -> None:
        """Raise DeliveryBlocked when a delivery is too broken to publish and nobody has accepted it."""
        if self.blocked:
            raise DeliveryBlocked(
                "Nothing is built or published, because a delivery is too broken:\n"
                + "\n".join(f"  {block.text()}" for block in self.blocked)
                + "\nLet the source deliver again and run again, or publish all the same with "
                + " ".join(f"--accept-quarantine {block.table}:{block.ds}" for block in self.blocked)
            )


def _lines(label: str, rows: int, quarantined: int, reasons: Counter[str], shown: int = _REASONS_SHOWN) -> list[str]:
    text = f"  {label}: {rows:,} rows"
    if quarantined:
        text += f", {quarantined:,} in quarantine"
    lines = [text, *(f"      {count:,} x {reason}" for reason, count in reasons.most_common(shown))]
    if len(reasons) > shown:
        lines[-1] += f" (and {len(reasons) - shown} further reasons; see raw.quarantine)"
    return lines


def _few(lines: list[str], what: str) -> list[str]:
    """The first few lines, and how many more there are."""
    if len(lines) <= _LINES_SHOWN:
        return lines
    return [*lines[: _LINES_SHOWN - 1], f"  and {len(lines) - _LINES_SHOWN + 1} more {what}"]
