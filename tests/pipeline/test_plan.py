"""What a build is planned to cover, after builds that ended well and others that did not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.build import BuildError, plan
from include.settings import Paths
from include.spark.core import SparkError, build_core
from include.warehouse import connect
from tests.support.builds import pretend_build

DAY = date(2026, 3, 1)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """One day, loaded and built."""
    paths = Paths(tmp_path)
    pretend_build(paths, "first", DAY, load_id=1)
    return paths


def full_refresh(paths: Paths, build_id: str, status: str) -> None:
    pretend_build(paths, build_id, DAY, load_id=1, status=status)
    with connect(paths) as con:
        con.execute("update ops.builds set full_refresh = true where build_id = ?", [build_id])


def is_planned_from_scratch(paths: Paths) -> bool:
    return plan(DAY, DAY, "run", paths)["full_refresh"] == "true"


def test_a_day_after_a_good_build_is_an_increment(paths: Paths):
    assert not is_planned_from_scratch(paths)


def test_a_full_refresh_that_did_not_end_well_is_made_up_for_by_the_next_build(paths: Paths):
    full_refresh(paths, "broken", "fail")
    assert is_planned_from_scratch(paths)
    full_refresh(paths, "mended", "success")
    assert not is_planned_from_scratch(paths)


def test_an_increment_that_did_not_end_well_wants_no_full_refresh(paths: Paths):
    pretend_build(paths, "broken", DAY, load_id=1, status="fail")
    assert not is_planned_from_scratch(paths)


def test_another_engine_builds_from_scratch_and_the_same_one_goes_on(paths: Paths, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_ENGINE", "spark")
    assert is_planned_from_scratch(paths), "builds that do not say are DuckDB's"
    pretend_build(paths, "on-spark", DAY, load_id=1)
    with connect(paths) as con:
        con.execute("delete from ops.build_engines")
        con.execute("insert into ops.build_engines (build_id, engine) values ('on-spark', 'spark')")
    assert is_planned_from_scratch(paths), "no table of Spark is known"
    paths.spark.mkdir()
    (paths.spark / "build_id").write_text("later-than-the-restored-backup")
    assert is_planned_from_scratch(paths)
    (paths.spark / "build_id").write_text("on-spark")
    assert not is_planned_from_scratch(paths)
    monkeypatch.setenv("CARTON_ENGINE", "duckdb")
    assert is_planned_from_scratch(paths)
    monkeypatch.setenv("CARTON_ENGINE", "")
    assert is_planned_from_scratch(paths), "an empty setting is the default"


def test_an_unknown_engine_is_named_with_those_there_are(paths: Paths, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_ENGINE", "Spark")
    with pytest.raises(BuildError, match=r"CARTON_ENGINE is 'Spark', which is no engine\. Set it to duckdb or spark"):
        plan(DAY, DAY, "run", paths)


def test_without_java_or_its_environment_spark_says_what_to_install(paths: Paths, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_SPARK_PYTHON", str(paths.root / "nowhere"))
    monkeypatch.setenv("JAVA_HOME", str(paths.root))
    with pytest.raises(SparkError, match=r"no Spark environment at .*nowhere.*make spark-setup"):
        build_core({}, paths)
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(paths.root))
    with pytest.raises(SparkError, match=r"There is no Java.*\n.*CARTON_ENGINE=duckdb"):
        build_core({}, paths)
