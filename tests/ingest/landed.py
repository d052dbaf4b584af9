"""A landing zone of one test, and what a load makes of it."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from include.ingest.load import load_days
from include.ingest.report import LoadReport
from include.settings import Paths
from include.warehouse import connect

DAY = date(2026, 3, 10)
EVENT = "event_id,user_id,event_type,event_at"
PURCHASE = "purchase_id,user_id,product_id,quantity,price_paid,points_earned,purchased_at"
USER = "user_id,email,created_at,user_type"
REFERRAL = "referral_id,referrer_user_id,referral_code,sent_at,status"


class Landing:
    """Files typed in the test, below one temporary data root."""

    def __init__(self, root: Path) -> None:
        self.paths = Paths(root)

    def put(self, table: str, content: str | bytes, ds: date = DAY, name: str = "part-0.csv") -> Path:
        file = self.paths.landing / table / f"ds={ds}" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        file.write_bytes(gzip.compress(data) if name.endswith(".gz") and isinstance(content, str) else data)
        return file

    def put_parquet(self, table: str, select: str, ds: date = DAY, name: str = "part-0.parquet") -> Path:
        file = self.put(table, b"", ds, name)
        with duckdb.connect() as con:
            con.execute("set TimeZone = 'UTC'")
            con.execute(f"copy ({select}) to '{file}' (format parquet)")
        return file

    def complete(self, ds: date = DAY, text: str = "") -> None:
        file = self.paths.landing / "_SUCCESS" / f"ds={ds}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def complete_with_manifest(self, files: dict[Path, int], ds: date = DAY) -> None:
        """``files`` maps each listed file to its number of rows."""
        entries = [
            {
                "path": str(file.relative_to(self.paths.landing)),
                "rows": rows,
                "bytes": file.stat().st_size,
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            }
            for file, rows in files.items()
        ]
        self.complete(ds, json.dumps({"files": entries}))

    def load(
        self, start: date | None = None, end: date = DAY, accept: Sequence[str] = (), wanted_from: date | None = None
    ) -> LoadReport:
        """Load as the daily run of ``end`` does."""
        return load_days(start or end - timedelta(days=7), end, self.paths, accept, wanted_from=wanted_from)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with connect(self.paths, read_only=True) as con:
            return con.execute(sql).fetchall()

    def quarantine(self) -> list[tuple[Any, ...]]:
        """Line and reasons, by file and line."""
        return self.rows("select line, reasons from raw.quarantine order by table_name, ds, file_name, line")
