"""What the simulator knows about people and readers of the snapshot must not find."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from include.settings import Paths
from include.warehouse import connect
from tests.support.simulated import published_world

pytestmark = pytest.mark.slow
FIRST, LAST = date(2026, 1, 1), date(2026, 1, 21)
#: Names of schools and products are no people's names, though they may sound the same.
NAMED_AFTER_NOBODY = ("dim_school", "dim_product")
#: The interval, in the descriptions of columns.
NAMED_AFTER_A_STATISTICIAN = ("ops.column_docs", "Wilson")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """Three weeks of a small world, published."""
    return published_world(tmp_path_factory.mktemp("world"), 300, FIRST, LAST)


def texts(snapshot: Path) -> dict[str, str]:
    """Every text of every table, by table; numbers and times hold no names."""
    found = {}
    with duckdb.connect(str(snapshot), read_only=True) as con:
        columns = con.execute(
            "select schema_name, table_name, list(column_name) from duckdb_columns() where not internal"
            " and data_type not in ('BIGINT', 'INTEGER', 'BOOLEAN', 'DATE', 'TIMESTAMP', 'DOUBLE')"
            " and data_type not like 'DECIMAL%' group by all"
        ).fetchall()
        for schema, table, names in columns:
            listed = ", ".join(f'"{name}"::varchar' for name in names)
            rows = con.execute(f'select {listed} from "{schema}"."{table}"').fetchall()
            found[f"{schema}.{table}"] = "\n".join(str(value) for row in rows for value in row if value is not None)
    return found


def landed(paths: Paths, sql: str) -> set[str]:
    with connect(paths, read_only=True) as con:
        return {value for (value,) in con.execute(sql).fetchall() if value}


def secrets(paths: Paths) -> dict[str, set[str]]:
    """What was delivered about people, every version of it, and what silver derives from it."""
    kept = {
        "email": landed(paths, "select email from raw.users union select referred_email from raw.referrals"),
        "email_key": landed(paths, "select email_key from silver.int_user_emails"),
        "device_id": landed(paths, "select device_id from raw.users"),
        "payment_fingerprint": landed(paths, "select payment_fingerprint from raw.users"),
        "full name": landed(paths, "select first_name || ' ' || last_name from raw.users"),
    }
    for document in landed(paths, "select metadata_json from raw.events"):
        metadata = json.loads(document)
        for key in ("device_id", "payment_fingerprint"):
            if isinstance(metadata.get(key), str):
                kept[key].add(metadata[key])
    return kept


def test_no_address_device_payment_or_full_name_is_in_the_snapshot(paths: Paths):
    published, kept = texts(paths.current.resolve()), secrets(paths)
    assert min(len(values) for values in kept.values()) > 20, "nothing to look for would prove nothing"
    assert {"gold.dim_user", "ops.landing_files"} <= published.keys()
    found = [
        (kind, secret, table)
        for kind, values in kept.items()
        for secret in values
        for table, text in published.items()
        if secret in text
    ]
    assert found == []


def test_no_last_name_is_in_the_snapshot(paths: Paths):
    last_names = landed(paths, "select last_name from raw.users where length(last_name) > 3")
    words = {
        word: table
        for table, text in texts(paths.current.resolve()).items()
        if table.removeprefix("gold.") not in NAMED_AFTER_NOBODY
        for word in re.findall(r"\w+", text)
        if (table, word) != NAMED_AFTER_A_STATISTICIAN
    }
    first_names = landed(paths, "select first_name from raw.users")
    assert len(last_names) > 20
    assert {name: words[name] for name in last_names - first_names if name in words} == {}


def test_a_person_appears_as_first_name_and_initial(paths: Paths):
    names = texts(paths.current.resolve())["gold.dim_user"].splitlines()
    assert any(re.fullmatch(r"\w+ \w\.", name) for name in names)
