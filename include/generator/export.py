"""The seed's bulk files: one CSV per table, and a SQLite database with the same rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd

from include.generator import data_generator
from include.generator.config import SimulationConfig

TABLES = {
    "schools": data_generator.generate_schools,
    "users": data_generator.generate_users,
    "products": data_generator.generate_products,
    "purchases": data_generator.generate_purchases,
    "referrals": data_generator.generate_referrals,
    "events": data_generator.generate_events,
}
SQLITE_FILE = "carton_caps.sqlite"


def export_csv(folder: Path, start: date, end: date, config: SimulationConfig) -> dict[str, int]:
    """Write ``schools.csv`` .. ``events.csv`` and a SQLite copy into ``folder``; returns the rows by table."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / SQLITE_FILE
    copy.unlink(missing_ok=True)
    rows = {}
    with closing(sqlite3.connect(copy)) as connection:
        for table, generate in TABLES.items():
            frame = _as_text(generate(config, start, end))
            frame.to_csv(folder / f"{table}.csv", index=False, lineterminator="\n")
            frame.to_sql(table, connection, index=False)
            rows[table] = len(frame)
        connection.commit()
    return rows


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Times and decimals written as in landing files, so that both copies read alike."""
    written = frame.copy()
    for name in frame.columns:
        if pd.api.types.is_datetime64_any_dtype(frame[name]):
            written[name] = frame[name].dt.strftime("%Y-%m-%d %H:%M:%S")
        elif name in ("price", "points_per_dollar", "price_paid", "points_earned"):
            written[name] = frame[name].astype(str)
    return written
