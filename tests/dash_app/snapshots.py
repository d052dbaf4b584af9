"""Small published snapshots for the tests: the gold DDL, rows typed in by the test, and the swap of the link."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from include.settings import Paths

Row = Mapping[str, Any]

#: Gold as specified, columns in the order of the marts; a row names what matters to the test, the rest is null.
GOLD: dict[str, dict[str, str]] = {
    "dim_user": {
        "user_id": "bigint", "display_name": "varchar", "user_type": "varchar", "marketing_channel": "varchar",
        "acquired_via": "varchar", "referred_by_user_id": "bigint", "is_verified": "boolean", "school_id": "bigint",
        "created_at": "timestamp", "signup_date": "date", "cohort_week": "date", "first_install_at": "timestamp",
        "onboarded_at": "timestamp", "school_linked_at": "timestamp", "first_scan_at": "timestamp",
        "first_qualifying_at": "timestamp", "qualifying_action": "varchar", "hours_to_first_qualifying": "double",
    },
    "dim_school": {
        "school_id": "bigint", "name": "varchar", "city": "varchar", "state": "varchar", "zip_code": "varchar",
        "created_at": "timestamp", "is_us_address": "boolean",
    },
    "dim_product": {
        "product_id": "bigint", "name": "varchar", "category": "varchar", "price": "decimal(12, 2)",
        "points_per_dollar": "decimal(12, 4)", "created_at": "timestamp",
    },
    "fct_purchase": {
        "purchase_id": "varchar", "user_id": "bigint", "product_id": "bigint", "school_id": "bigint",
        "purchased_at": "timestamp", "purchase_date": "date", "quantity": "bigint", "price_paid": "decimal(12, 2)",
        "points_earned": "decimal(12, 4)", "amount_raised_usd": "decimal(18, 6)", "is_first_purchase": "boolean",
        "day_of_week": "varchar", "hour_of_day": "integer",
    },
    "fct_user_day": {
        "user_id": "bigint", "activity_date": "date", "app_opens": "integer", "scans_started": "integer",
        "scans_completed": "integer", "scans_failed": "integer", "incentives_viewed": "integer",
        "invites_sent": "integer", "purchases": "integer", "spend_usd": "decimal(18, 2)",
        "points_earned": "decimal(18, 4)", "is_active": "boolean", "is_contributing": "boolean",
        "days_since_signup": "integer",
    },
    "fct_referral": {
        "referral_id": "bigint", "referrer_user_id": "bigint", "referred_user_id": "bigint", "channel": "varchar",
        "source_status": "varchar", "cohort_week": "date", "referrer_school_id": "bigint",
        "referrer_user_type": "varchar", "sent_at": "timestamp", "is_self_referral": "boolean",
    },
    "fct_rewards": {
        "entry_id": "varchar", "reward_key": "varchar", "referral_id": "bigint", "user_id": "bigint",
        "reward_type": "varchar", "entry_type": "varchar", "entry_at": "timestamp", "entry_date": "date",
        "amount_usd": "decimal(12, 2)", "signed_amount_usd": "decimal(12, 2)", "is_orphan": "boolean",
    },
}  # fmt: skip
_OPS = """
create table ops.snapshot (build_id varchar, as_of timestamp, built_at timestamp, published_at timestamp);
create table ops.column_docs (table_name varchar, column_name varchar, description varchar);
create table ops.landing_days (ds date, load_id bigint, loaded_at timestamp);
create table ops.node_results (
    unique_id varchar, resource_type varchar, status varchar, failures bigint, message varchar
);
"""


def publish(
    root: Path, rows: Mapping[str, Sequence[Row]], last_day: date, build_id: str = "b1", without: Sequence[str] = ()
) -> Path:
    """Write ``gold-<build_id>.duckdb`` below ``root`` and point the link at it, as the publisher does.

    ``without`` names gold tables that this build does not have yet.
    """
    paths = Paths(root)
    paths.serving.mkdir(parents=True, exist_ok=True)
    file = paths.serving / f"gold-{build_id}.duckdb"
    as_of = datetime.combine(last_day + timedelta(days=1), datetime.min.time())
    with duckdb.connect(str(file)) as con:
        con.execute("create schema gold; create schema ops;" + _OPS)
        con.execute("insert into ops.snapshot values (?, ?, ?, ?)", [build_id, as_of, as_of, as_of])
        con.execute(
            "insert into ops.column_docs values ('fct_purchase', 'amount_raised_usd', 'What the purchase raised, USD.')"
        )
        for table, columns in GOLD.items():
            if table in without:
                continue
            con.execute(f"create table gold.{table} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
            for row in rows.get(table, ()):
                con.execute(
                    f"insert into gold.{table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()]
                )
        con.execute("checkpoint")
    link_to(paths, file)
    return file


def link_to(paths: Paths, file: Path) -> None:
    """Swap the link that readers resolve."""
    staged = paths.serving / f".current.{os.getpid()}"
    staged.symlink_to(file.name)
    staged.replace(paths.current)


def user(user_id: int, signed_up: date, school_id: int = -1, user_type: str = "parent", **more: Any) -> Row:
    """A row of dim_user."""
    return {
        "user_id": user_id, "user_type": user_type, "school_id": school_id, "signup_date": signed_up,
        "display_name": f"User {user_id}", "is_verified": True,
    } | more  # fmt: skip


def school(school_id: int, name: str, state: str | None, city: str | None = "Springfield") -> Row:
    """A row of dim_school."""
    return {"school_id": school_id, "name": name, "city": city, "state": state}


def purchase(purchase_id: str, user_id: int, school_id: int, day: date, raised: str) -> Row:
    """A row of fct_purchase that raised so many USD."""
    return {
        "purchase_id": purchase_id, "user_id": user_id, "school_id": school_id, "purchase_date": day,
        "amount_raised_usd": raised,
    }  # fmt: skip


def active_day(user_id: int, day: date, contributing: bool = False) -> Row:
    """A row of fct_user_day of an active user."""
    return {"user_id": user_id, "activity_date": day, "is_active": True, "is_contributing": contributing}


def referral(referral_id: int, sent: date, source_status: str = "sent", school_id: int = -1, **more: Any) -> Row:
    """A row of fct_referral."""
    return {
        "referral_id": referral_id, "referrer_user_id": 1, "source_status": source_status,
        "referrer_school_id": school_id, "referrer_user_type": "parent",
        "sent_at": datetime.combine(sent, datetime.min.time()),
    } | more  # fmt: skip
