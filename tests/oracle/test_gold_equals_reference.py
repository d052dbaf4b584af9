"""Gold compared, row for row, with an independent reference of the specification in plain Python."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.settings import Paths
from tests.oracle.reference import Reference
from tests.oracle.world import OracleWorld
from tests.support.builds import build_models

KEYS = {
    "dim_user": "user_id", "dim_school": "school_id", "dim_product": "product_id", "fct_purchase": "purchase_id",
    "fct_user_day": "user_id, activity_date", "fct_school_day": "school_id, activity_date",
    "fct_referral": "referral_id", "fct_rewards": "entry_id", "fct_network_effects_user": "user_id",
    "fct_network_effects_school": "school_id",
}  # fmt: skip


def differences(warehouse: Path, reference: Reference) -> list[str]:
    """One line per row or value that differs: table, key, column, expected, found."""
    lines = []
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for table, key in KEYS.items():
            expected = reference.tables[table]
            columns = list(next(iter(expected.values())))
            width = key.count(",") + 1
            rows = con.execute(f"select {key}, {', '.join(columns)} from gold.{table}").fetchall()
            found = {
                row[0] if width == 1 else row[:width]: dict(zip(columns, row[width:], strict=True)) for row in rows
            }
            assert len(found) == len(rows), f"{table}: a key stands twice"
            lines += [f"{table} {k}: missing" for k in expected.keys() - found.keys()]
            lines += [f"{table} {k}: not expected" for k in found.keys() - expected.keys()]
            for k in expected.keys() & found.keys():
                for column, value in expected[k].items():
                    if not same(value, found[k][column]):
                        lines.append(f"{table} {k} {column}: expected {value}, found {found[k][column]}")
    return lines


def same(expected: Any, found: Any) -> bool:
    if isinstance(expected, float | Decimal) and found is not None:
        return abs(float(expected) - float(found)) < 1e-9
    return expected == found


def gold_equals_reference(tmp_path: Path, seed: int, users: int) -> None:
    paths = Paths(tmp_path / "data")
    world = OracleWorld(seed, users)
    world.land(paths)
    build_models(world.days[0], world.days[-1], paths, *KEYS)
    reference = Reference(paths.landing)
    outcomes = {row["rule_outcome"] for row in reference.tables["fct_referral"].values()}
    assert len(outcomes) == 10, f"the world lacks outcomes: {sorted(outcomes)}"
    lines = differences(paths.warehouse, reference)
    assert not lines, f"{len(lines)} differences\n" + "\n".join(sorted(lines)[:60])


@pytest.mark.slow
def test_every_row_of_gold_is_what_the_specification_says(tmp_path: Path):
    gold_equals_reference(tmp_path, seed=1, users=160)


@pytest.mark.extended
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_larger_worlds_are_what_the_specification_says(tmp_path: Path, seed: int):
    gold_equals_reference(tmp_path, seed=seed, users=400)
