"""``raw`` as Parquet files: only what a load changed is written, and what is there is what ``raw`` holds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from include.ingest.load import load_days
from include.settings import Paths
from include.spark.raw_export import export_raw
from include.warehouse import connect
from tests.support.landing import land, land_day

FIRST = date(2026, 3, 1)


def school(school_id: int, name: str = "Oak") -> dict[str, object]:
    return {"school_id": school_id, "name": name, "created_at": "2020-01-01", "mascot": "owl"}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Two landing days of schools, loaded and exported; the folder's name has a quote in it."""
    paths = Paths(tmp_path / "Tracy's")
    for number in range(2):
        land_day(paths, FIRST + timedelta(days=number), {"schools": [school(number), school(10 + number)]})
    load_and_export(paths)
    return paths


def load_and_export(paths: Paths) -> dict[str, dict[str, str]]:
    load_days(FIRST, FIRST + timedelta(days=1), paths, accept=["all"])
    with connect(paths) as con:
        return export_raw(con, paths)


def day_file(paths: Paths, number: int) -> Path:
    return paths.spark / "raw" / "schools" / f"ds={FIRST + timedelta(days=number)}" / "rows.parquet"


def exported(paths: Paths) -> list[tuple[object, ...]]:
    files = str(paths.spark / "raw" / "schools" / "**" / "*.parquet")
    with duckdb.connect() as con:
        return con.execute(
            "select school_id, name, ds, _line, _extra from read_parquet(?, hive_partitioning = true) order by all",
            [files],
        ).fetchall()


def test_the_files_hold_every_row_under_its_landing_day(paths: Paths):
    with connect(paths, read_only=True) as con:
        raw = con.execute("select school_id, name, _ds, _line, _extra from raw.schools order by all").fetchall()
    assert exported(paths) == raw
    assert len(raw) == 4


def test_types_are_those_that_spark_knows(paths: Paths):
    tables = load_and_export(paths)
    assert tables["purchases"]["price_paid"] == "decimal(12,2)"
    assert {tables["events"][name] for name in ("event_id", "metadata_json", "_extra")} == {"string"}
    assert tables["events"]["_ds"] == "date"
    assert tables["superseded"]["row_json"] == "string"


def test_a_day_that_was_not_loaded_again_is_left_alone_and_a_changed_one_is_written_anew(paths: Paths):
    before = [day_file(paths, number).stat().st_mtime_ns for number in range(2)]
    land(paths, FIRST + timedelta(days=1), "schools", [school(1, "Elm")])
    load_and_export(paths)
    after = [day_file(paths, number).stat().st_mtime_ns for number in range(2)]
    assert (after[0] == before[0], after[1] == before[1]) == (True, False)
    assert [row[:2] for row in exported(paths)] == [(0, "Oak"), (1, "Elm"), (10, "Oak")]
    with duckdb.connect() as con:
        replaced = con.execute(
            "select count(*) from read_parquet(?)", [str(paths.spark / "raw" / "superseded" / "rows.parquet")]
        ).fetchall()
    assert replaced == [(2,)]


def test_a_day_without_rows_any_more_leaves_no_file(paths: Paths):
    land(paths, FIRST, "schools", [{**school(0), "school_id": "no number"}])
    load_and_export(paths)
    assert not day_file(paths, 0).exists()
    assert day_file(paths, 1).exists()


def test_an_export_that_was_killed_is_made_up_for_by_the_next(paths: Paths):
    complete = exported(paths)
    (paths.spark / "raw" / "exported.json").unlink()
    day_file(paths, 0).unlink()
    (day_file(paths, 1).parent / ".rows.parquet").write_bytes(b"half a file")
    load_and_export(paths)
    assert exported(paths) == complete


def test_a_warehouse_that_was_made_anew_is_exported_anew(paths: Paths):
    land(paths, FIRST, "schools", [school(7, "Ash")])
    (paths.landing / "_SUCCESS" / f"ds={FIRST + timedelta(days=1)}").unlink()
    paths.warehouse.unlink()
    load_days(FIRST, FIRST, paths)
    with connect(paths) as con:
        export_raw(con, paths)
    assert [row[:2] for row in exported(paths)] == [(7, "Ash")]
