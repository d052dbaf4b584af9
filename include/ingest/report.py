"""What a load did, for a person and for the pipeline."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from include.ingest.errors import DeliveryBlocked
from include.ingest.gate import Blocked
from include.ingest.stage import Staged

_FILES_SHOWN = 40


@dataclass(frozen=True)
class FileReceipt:
    """What became of one file. ``reasons`` counts the quarantined rows by reason; one row may have several."""

    label: str
    state: Literal["loaded", "refused"]
    rows_loaded: int = 0
    rows_quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    refusal: str | None = None

    @classmethod
    def of(cls, staged: Staged) -> FileReceipt:
        """The receipt of a file that could be read."""
        reasons = Counter(reason for broken in staged.quarantined for reason in broken.reason.split("; "))
        return cls(staged.file.label, "loaded", staged.rows_to_load, len(staged.quarantined), reasons)

    def lines(self) -> list[str]:
        """The receipt in words: one line, and one more per reason."""
        if self.state == "refused":
            return [f"  {self.label}: REFUSED, {self.refusal}"]
        text = f"  {self.label}: {self.rows_loaded:,} rows"
        if self.rows_quarantined:
            text += f", {self.rows_quarantined:,} in quarantine"
        return [text, *(f"      {count:,} x {reason}" for reason, count in self.reasons.most_common())]


@dataclass
class LoadReport:
    """One ``load_days``: only what it loaded; unchanged files are not in it."""

    days: list[date] = field(default_factory=list)
    load_ids: list[int] = field(default_factory=list)
    files: list[FileReceipt] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)

    @property
    def rows_loaded(self) -> int:
        """Rows that entered ``raw``."""
        return sum(receipt.rows_loaded for receipt in self.files)

    @property
    def rows_quarantined(self) -> int:
        """Rows that entered ``raw.quarantine``."""
        return sum(receipt.rows_quarantined for receipt in self.files)

    def text(self) -> str:
        """The receipt of the delivery, for a person."""
        if not self.days:
            lines = ["Nothing new to load."]
        else:
            span = str(self.days[0]) if len(self.days) == 1 else f"{self.days[0]} .. {self.days[-1]}"
            lines = [
                f"Loaded {len(self.days)} landing days ({span}): {len(self.files)} files, {self.rows_loaded:,} rows,"
                f" {self.rows_quarantined:,} in quarantine."
            ]
        troubled = [receipt for receipt in self.files if receipt.state == "refused" or receipt.rows_quarantined]
        shown = self.files if len(self.files) <= _FILES_SHOWN else troubled
        for receipt in shown:
            lines += receipt.lines()
        if len(shown) < len(self.files):
            lines.append(f"  and {len(self.files) - len(shown)} files without a fault")
        lines += [f"! {warning}" for warning in self.warnings]
        lines += [f"! BLOCKED {block.text()}" for block in self.blocked]
        return "\n".join(lines)

    def raise_if_blocked(self) -> None:
        """Raise DeliveryBlocked when a delivery is too broken to publish and nobody has accepted it."""
        if self.blocked:
            raise DeliveryBlocked(
                "Nothing is built or published, because a delivery is too broken:\n"
                + "\n".join(f"  {block.text()}" for block in self.blocked)
                + "\nLet the source deliver again and run again, or publish all the same with "
                + " ".join(f"--accept-quarantine {block.table}:{block.ds}" for block in self.blocked)
            )
