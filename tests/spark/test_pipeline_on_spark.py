"""The whole pipeline with CARTON_ENGINE=spark: the core there, the rest above it, published; and another engine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from include.pipeline import run
from include.settings import Paths
from include.spark.core import what_spark_lacks
from include.warehouse import connect
from tests.support.gold import assert_same_gold, served
from tests.support.worlds import World

LACKING = what_spark_lacks()

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.extended,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(LACKING is not None, reason=f"Spark cannot run here: {LACKING}"),
]


def test_what_spark_publishes_is_what_duckdb_publishes_and_engines_may_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world = World(seed=9, days=3)
    by_engine = {"spark": Paths(tmp_path / "spark"), "duckdb": Paths(tmp_path / "duckdb")}
    for day in world.days[:2]:
        for engine, paths in by_engine.items():
            world.land(paths, day)
            monkeypatch.setenv("CARTON_ENGINE", engine)
            run(day, day, paths, source="landing", accept=["all"])
    assert_same_gold(by_engine["spark"].current, by_engine["duckdb"].current)
    told = {engine: served(paths, "select * from ops.column_docs order by all") for engine, paths in by_engine.items()}
    assert told["spark"] == told["duckdb"]
    shutil.rmtree(by_engine["duckdb"].root)

    world.land(by_engine["spark"], world.days[2])
    monkeypatch.setenv("CARTON_ENGINE", "duckdb")
    run(world.days[2], world.days[2], by_engine["spark"], source="landing", accept=["all"])
    with connect(by_engine["spark"], read_only=True) as con:
        builds = con.execute(
            "select engine, full_refresh from ops.builds inner join ops.build_engines using (build_id)"
            " order by planned_at"
        ).fetchall()
    assert builds == [("spark", True), ("spark", False), ("duckdb", True)]
