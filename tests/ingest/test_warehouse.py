from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.contracts import TABLES, contract
from include.settings import Paths
from include.warehouse import LANDING_COLUMNS, WarehouseError, connect

HOLDER = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
CURSORS = """
import sys
from pathlib import Path
from include.settings import Paths
from include.warehouse import connect

with connect(Paths(Path(sys.argv[1]))) as con:
    for one in (con, con.cursor()):
        print(one.execute(sys.argv[2]).fetchall()[0][0])
"""


def test_every_raw_table_exists_with_its_contract_before_anything_has_landed(tmp_path: Path):
    with connect(Paths(tmp_path)) as con:
        for table in TABLES:
            columns = {name: type_ for name, type_, *_ in con.execute(f"describe raw.{table}").fetchall()}
            assert columns == {column.name: column.type for column in contract(table).columns} | LANDING_COLUMNS
            assert con.execute(f"select count(*) from raw.{table}").fetchall() == [(0,)]


def test_opening_again_keeps_what_is_there(tmp_path: Path):
    with connect(Paths(tmp_path)) as con:
        con.execute("insert into ops.schema_drift values ('users', 'nickname', date '2026-03-10', 'part-0.csv', 1)")
    with connect(Paths(tmp_path)) as con:
        assert con.execute("select column_name from ops.schema_drift").fetchall() == [("nickname",)]


def test_the_time_zone_is_utc_on_every_cursor_wherever_the_machine_stands(tmp_path: Path):
    asked = "select current_setting('TimeZone')"
    told = subprocess.run(
        [sys.executable, "-c", CURSORS, tmp_path, asked],
        env=os.environ | {"TZ": "America/New_York"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["UTC", "UTC"]


def test_a_column_that_a_contract_gains_is_added_to_raw(tmp_path: Path):
    with connect(Paths(tmp_path)) as con:
        con.execute("alter table raw.schools drop column zip_code")
    with connect(Paths(tmp_path)) as con:
        assert "zip_code" in {name for name, *_ in con.execute("describe raw.schools").fetchall()}


def test_reading_a_warehouse_that_does_not_exist_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(WarehouseError, match="pipeline run"), connect(Paths(tmp_path), read_only=True):
        pass
    assert not (tmp_path / "warehouse").exists()


def test_a_held_lock_names_the_process_and_what_to_do(tmp_path: Path):
    paths = Paths(tmp_path)
    with connect(paths):
        pass
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(paths.warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WarehouseError) as caught, connect(paths, wait_seconds=0):
            pass
    finally:
        holder.communicate("")
    message = str(caught.value)
    assert f"process {holder.pid} " in message
    assert "duckdb.connect" in message  # the command line of the one who holds it
    assert "run again" in message
    with connect(paths, wait_seconds=0):
        pass  # released: it opens


def test_a_file_that_is_no_database_is_named(tmp_path: Path):
    paths = Paths(tmp_path)
    paths.warehouse.parent.mkdir()
    paths.warehouse.write_bytes(b"not a database" * 400)
    with pytest.raises(WarehouseError, match="rebuilt from the landing files") as caught, connect(paths):
        pass
    assert "carton_caps.duckdb" in str(caught.value)
