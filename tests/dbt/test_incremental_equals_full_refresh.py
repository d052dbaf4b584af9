"""The property that must hold: day by day, then one reprocess of what was too late, equals one full refresh."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from include.pipeline import reprocess, run
from include.settings import Paths
from tests.support.worlds import World


def gold_tables(paths: Paths) -> dict[str, list[tuple]]:
    """Every gold table's rows, sorted."""
    with duckdb.connect(str(paths.warehouse), read_only=True) as con:
        names = [
            name
            for (name,) in con.execute("select table_name from duckdb_tables() where schema_name = 'gold'").fetchall()
        ]
        return {name: con.execute(f"select * from gold.{name} order by all").fetchall() for name in names}


def assert_same_gold(left: Paths, right: Paths) -> None:
    """Fail with the first table that differs and the rows on either side."""
    ours, theirs = gold_tables(left), gold_tables(right)
    assert ours.keys() == theirs.keys()
    for name, rows in ours.items():
        only_left = [row for row in rows if row not in theirs[name]]
        only_right = [row for row in theirs[name] if row not in rows]
        assert rows == theirs[name], (
            f"gold.{name} differs:\n day by day {only_left[:5]}\n full refresh {only_right[:5]}"
        )


def day_by_day_equals_full_refresh(tmp_path: Path, seed: int, days: int) -> None:
    world = World(seed, days)
    daily = Paths(tmp_path / "daily")
    for number, day in enumerate(world.days):
        world.land(daily, day)
        run(day, day, daily, source="landing")
        if number % 5 == 4:  # an operator runs an old day again
            run(world.days[number // 2], world.days[number // 2], daily, source="landing")
    reprocess(world.days[0], world.days[-1], daily)

    fresh = Paths(tmp_path / "fresh")
    shutil.copytree(daily.landing, fresh.landing)
    run(world.days[0], world.days[-1], fresh, source="landing", full_refresh=True)

    assert_same_gold(daily, fresh)
    assert all(gold_tables(fresh).values()), "a table without rows would prove nothing"


@pytest.mark.slow
def test_ten_hard_days_one_by_one_equal_one_full_refresh(tmp_path: Path):
    day_by_day_equals_full_refresh(tmp_path, seed=1, days=10)


@pytest.mark.extended
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_thirty_hard_days_one_by_one_equal_one_full_refresh(tmp_path: Path, seed: int):
    day_by_day_equals_full_refresh(tmp_path, seed=seed, days=30)
