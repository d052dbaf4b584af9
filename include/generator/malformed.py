"""Rows that break their contract: copies of good rows with one fault each, so that no good row is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

# At most one row in fifty: the run stops above 5 % of at least 20 rows.
ONE_IN_AT_MOST = 50
Fault = tuple[str, Any]
FAULTS: dict[str, tuple[Fault, ...]] = {
    "users": (("email", None), ("user_type", "student")),
    "purchases": (("user_id", None), ("quantity", 0), ("purchased_at", None)),
    "referrals": (("status", "opened"), ("sent_at", None)),
    "events": (
        ("user_id", None),
        ("event_at", None),
        ("metadata_json", '{"device_id": '),
        ("event_at", datetime(2031, 1, 1)),  # noqa: DTZ001 - files carry UTC without an offset
    ),
}
OWN_ID: dict[str, Callable[[Any], Any]] = {"event_id": "bad-{}".format, "purchase_id": "bad-{}".format}


def with_malformed_rows(table: str, rows: pa.Table, rate: float, rng: np.random.Generator) -> pa.Table:
    """The rows and, after them, their malformed copies."""
    faults = FAULTS.get(table)
    count = min(int(rng.binomial(rows.num_rows, rate)), rows.num_rows // ONE_IN_AT_MOST)
    if not faults or not count:
        return rows
    broken = rows.take(pa.array(rng.integers(0, rows.num_rows, count))).to_pylist()
    for row in broken:
        for column, rename in OWN_ID.items():
            if column in row:
                row[column] = rename(row[column])
        column, value = faults[int(rng.integers(len(faults)))]
        row[column] = value
    return pa.concat_tables([rows, pa.Table.from_pylist(broken, schema=rows.schema)])
