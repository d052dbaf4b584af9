"""The client's base database: what it has is taken over, what it lacks gets a documented default."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path

from include.generator.importers.addresses import parse_address
from include.generator.importers.report import ImportRefusedError, ImportReport, counted
from include.generator.importers.times import after_limit, hint_later
from include.generator.landing import FileWriter, Origin, require_own, write_day
from include.settings import Paths

ORIGIN = Origin("import-sqlite", ("client-base",))
DEFAULT_USER_TYPE = "parent"
DEFAULT_CATEGORY = "uncategorized"
DEFAULT_POINTS_PER_DOLLAR = Decimal("1")
TITLES = ("mr.", "mrs.", "ms.", "miss", "dr.")
SOURCE_COLUMNS = {
    "Schools": ("id", "name", "address", "created_at"),
    "Users": ("id", "school_id", "name", "email", "created_at"),
    "Products": ("id", "name", "description", "price", "created_at"),
    "Purchase_History": ("id", "user_id", "product_id", "quantity", "purchased_at"),
}
CENT, POINT = Decimal("0.01"), Decimal("0.0001")
Row = dict[str, object]


def import_sqlite(file: Path, ds: date, paths: Paths) -> ImportReport:
    """Write the database's schools, users, products and purchases as landing day ``ds``.

    Importing again replaces the day by the same files. Raises ImportRefusedError when the file is missing,
    no SQLite database or not the client's, and LandingDayTakenError when the day holds files of another source.
    """
    require_own(paths.landing, ds, ORIGIN)
    source = _read(file)
    oddities: Counter[str] = Counter()
    tables = {
        "schools": [_school(row, oddities) for row in source["Schools"]],
        "users": [_user(row, oddities) for row in source["Users"]],
        "products": [_product(row) for row in source["Products"]],
        "purchases": _purchases(source["Purchase_History"], source["Products"], ds, oddities),
    }
    writers: dict[str, FileWriter] = {name: partial(_write_csv, rows) for name, rows in tables.items() if rows}
    write_day(ds, writers, paths, ORIGIN, "client-base.csv")
    return ImportReport(ds, {name: len(rows) for name, rows in tables.items()}, counted(oddities))


def _read(file: Path) -> dict[str, list[Row]]:
    if not file.is_file():
        raise ImportRefusedError(f"There is no database {file}. Give the path of the client's SQLite file.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            _require_columns(connection, file)
            return {
                table: [dict(row) for row in connection.execute(f'select * from "{table}" order by id')]
                for table in SOURCE_COLUMNS
            }
    except sqlite3.DatabaseError as error:
        raise ImportRefusedError(
            f"{file.name} cannot be read as a SQLite database ({error}). Ask for a fresh copy."
        ) from error


def _require_columns(connection: sqlite3.Connection, file: Path) -> None:
    for table, columns in SOURCE_COLUMNS.items():
        found = {row["name"] for row in connection.execute("select name from pragma_table_info(?)", [table])}
        missing = [column for column in columns if column not in found]
        if missing:
            what = f"no table {table}" if not found else f"no column {', '.join(missing)} in table {table}"
            raise ImportRefusedError(
                f"{file.name} has {what}. The client's base database has the tables {', '.join(SOURCE_COLUMNS)}; "
                "for another layout, export CSV files and use import-csv."
            )


def _school(row: Row, oddities: Counter[str]) -> Row:
    place = parse_address(row["address"] if isinstance(row["address"], str) else None)
    if place is None:
        oddities["school whose address does not end in city, state and zip: those are left empty"] += 1
    return {
        "school_id": row["id"],
        "name": row["name"],
        "created_at": row["created_at"],
        "address": row["address"],
        "city": place.city if place else None,
        "state": place.state if place else None,
        "zip_code": place.zip_code if place else None,
    }


def _user(row: Row, oddities: Counter[str]) -> Row:
    first_name, last_name = split_name(str(row["name"] or ""))
    oddities[f"user without a type in the source: {DEFAULT_USER_TYPE} is assumed"] += 1
    oddities["user without a school"] += row["school_id"] is None
    oddities["user without an e-mail address: the load will put the row in quarantine"] += not row["email"]
    return {
        "user_id": row["id"],
        "email": row["email"],
        "created_at": row["created_at"],
        "user_type": DEFAULT_USER_TYPE,
        "first_name": first_name,
        "last_name": last_name,
        "school_id": row["school_id"],
    }


def split_name(name: str) -> tuple[str, str]:
    """First name and the rest; a leading title is left out."""
    words = [word for number, word in enumerate(name.split()) if number or word.lower() not in TITLES]
    return (words[0] if words else "", " ".join(words[1:]))


def _product(row: Row) -> Row:
    return {
        "product_id": row["id"],
        "name": row["name"],
        "category": DEFAULT_CATEGORY,
        "price": row["price"],
        "points_per_dollar": DEFAULT_POINTS_PER_DOLLAR,
        "created_at": row["created_at"],
        "description": row["description"],
    }


def _purchases(rows: list[Row], products: list[Row], ds: date, oddities: Counter[str]) -> list[Row]:
    prices = {row["id"]: Decimal(str(row["price"])) for row in products if isinstance(row["price"], int | float)}
    landed: list[Row] = []
    for row in rows:
        price, quantity = prices.get(row["product_id"]), row["quantity"]
        paid = None
        if price is not None and isinstance(quantity, int):
            paid = (price * quantity).quantize(CENT, ROUND_HALF_UP)
        oddities["purchase whose price is unknown: the load will put the row in quarantine"] += paid is None
        oddities[hint_later("purchased_at", ds)] += after_limit(str(row["purchased_at"]), ds)
        landed.append(
            {
                "purchase_id": f"base-{row['id']}",
                "user_id": row["user_id"],
                "product_id": row["product_id"],
                "quantity": quantity,
                "price_paid": paid,
                "points_earned": None
                if paid is None
                else (paid * DEFAULT_POINTS_PER_DOLLAR).quantize(POINT, ROUND_HALF_UP),
                "purchased_at": row["purchased_at"],
            }
        )
    return landed


def _write_csv(rows: list[Row], part: Path) -> int:
    with part.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)
