"""Landing CSV files read in plain Python: the version of every row that counts before T. Valid rows only."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]
KEYS = {
    "schools": "school_id", "users": "user_id", "products": "product_id", "purchases": "purchase_id",
    "referrals": "referral_id", "events": "event_id",
}  # fmt: skip
MOMENTS = {"purchases": "purchased_at", "events": "event_at", "referrals": "sent_at"}
TEXT_KEYS = {"purchase_id", "event_id"}
DECIMALS = {"price": 2, "price_paid": 2, "points_earned": 4, "points_per_dollar": 4}
FLAGS = {"0": False, "false": False, "1": True, "true": True}


class Landed:
    """``tables`` maps a table to key -> newest row; ``first_schools`` maps a user to the school of the first row."""

    def __init__(self, landing: Path) -> None:
        days = sorted(path.name[3:] for path in (landing / "_SUCCESS").iterdir())
        self.as_of = datetime.combine(date.fromisoformat(days[-1]), time()) + timedelta(days=1)
        self.tables: dict[str, dict[Any, Row]] = {table: {} for table in KEYS}
        self.first_schools: dict[int, int | None] = {}
        for table, key in KEYS.items():
            for day in days:
                for path in sorted((landing / table / f"ds={day}").glob("*.csv")):
                    with path.open(newline="", encoding="utf-8") as file:
                        for text in csv.DictReader(file):
                            self._take(table, key, {name: _value(name, value) for name, value in text.items()})

    def _take(self, table: str, key: str, row: Row) -> None:
        moment = MOMENTS.get(table)
        if moment and row[moment] >= self.as_of:
            return
        if table == "users":
            self.first_schools.setdefault(row["user_id"], row.get("school_id"))
        if table == "events":
            row["metadata"] = json.loads(row.get("metadata_json") or "{}")
        self.tables[table][row[key]] = row


def _value(name: str, text: str) -> Any:
    if text == "":
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(text)
    if name in DECIMALS:
        return rounded(text, DECIMALS[name])
    if name == "is_verified":
        return FLAGS[text.lower()]
    if name == "quantity" or (name.endswith("_id") and name not in TEXT_KEYS and name != "device_id"):
        return int(text)
    return text


def rounded(text: Any, places: int) -> Decimal:
    """Half up, as the contract says."""
    return Decimal(str(text)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def meta_id(row: Row, name: str) -> int | None:
    """A JSON whole number or the same as text; anything else counts as missing."""
    value = row["metadata"].get(name)
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() else None
    return value if isinstance(value, int) else None


def meta_text(row: Row, name: str) -> str | None:
    value = row["metadata"].get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return None
    return str(value)


def meta_flag(row: Row, name: str) -> bool:
    value = row["metadata"].get(name)
    return value is True or (isinstance(value, int) and value == 1) or value in ("true", "1")


def meta_amount(row: Row, name: str) -> Decimal | None:
    value = row["metadata"].get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return rounded(value, 2)
    except ArithmeticError:
        return None
