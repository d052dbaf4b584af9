"""The reader of the serving snapshot: locked down, follows the link, keeps the last good one."""

import os
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dash_app.queries import snapshot
from dash_app.queries.snapshot import NoSnapshot, QueryTookTooLong, Snapshot, SnapshotReader
from include.settings import Paths
from tests.dash_app.snapshots import link_to, publish, school

DAY = date(2026, 3, 31)
SCHOOLS = "select count(*) as schools from gold.dim_school"


def published(root: Path, build_id: str, schools: int) -> Path:
    return publish(root, {"dim_school": [school(n, "Oak", "CA") for n in range(schools)]}, DAY, build_id)


def schools_seen(reader: SnapshotReader) -> int:
    return int(reader.current().read(SCHOOLS)["schools"].iloc[0])


def reader_of(root: Path) -> SnapshotReader:
    return SnapshotReader(Paths(root).current)


def test_nothing_published_is_a_state_and_the_first_snapshot_is_noticed(tmp_path: Path) -> None:
    reader = reader_of(tmp_path)
    with pytest.raises(NoSnapshot, match=r"current\.duckdb is missing"):
        reader.current()
    published(tmp_path, "b1", 2)
    assert schools_seen(reader) == 2


def test_a_swap_is_noticed_and_the_old_snapshot_still_answers_who_holds_it(tmp_path: Path) -> None:
    published(tmp_path, "b1", 1)
    reader = reader_of(tmp_path)
    before = reader.current()
    assert schools_seen(reader) == 1
    published(tmp_path, "b2", 5)
    assert schools_seen(reader) == 5
    assert before.read("select count(*) as n from gold.dim_school")["n"].iloc[0] == 1


def test_the_old_file_may_be_deleted_once_a_new_one_is_published(tmp_path: Path) -> None:
    old = published(tmp_path, "b1", 1)
    reader = reader_of(tmp_path)
    reader.current()
    published(tmp_path, "b2", 5)
    old.unlink()
    assert schools_seen(reader) == 5


def junk(file: Path) -> None:
    file.write_bytes(b"not a database")


def cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


def cut_short_behind_its_metadata(file: Path) -> None:
    # The second checkpoint puts its metadata into blocks that the first one freed; the data stands last, and DuckDB
    # opens the file without looking at it.
    with duckdb.connect(str(file)) as con:
        con.execute("create table gold.large as select hash(range) as h from range(1_000_000)")
        con.execute("checkpoint")
    cut_short(file)
    duckdb.connect(str(file), read_only=True).close()


def without_stamp(file: Path) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute("drop table ops.snapshot")


@pytest.mark.parametrize("damage", [junk, cut_short, cut_short_behind_its_metadata, without_stamp, Path.unlink])
def test_a_damaged_snapshot_is_refused_and_the_last_good_one_kept(tmp_path: Path, damage) -> None:
    good = published(tmp_path, "b1", 1)
    reader = reader_of(tmp_path)
    reader.current()
    bad = published(tmp_path, "b2", 5)
    damage(bad)
    assert schools_seen(reader) == 1
    assert reader.trouble is not None
    assert "gold-b2.duckdb" in reader.trouble
    link_to(Paths(tmp_path), good)
    assert schools_seen(reader) == 1
    assert reader.trouble is None


def test_a_good_snapshot_after_a_damaged_one_is_taken(tmp_path: Path) -> None:
    published(tmp_path, "b1", 1)
    reader = reader_of(tmp_path)
    reader.current()
    junk(published(tmp_path, "b2", 2))
    reader.current()
    published(tmp_path, "b3", 3)
    assert schools_seen(reader) == 3
    assert reader.trouble is None


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to '{folder}/stolen.csv'",
        "select * from read_csv('{folder}/secret.csv')",
        "attach '{folder}/other.duckdb'",
        "set enable_external_access = true",
        "set threads = 8",
        "create table gold.planted (i int)",
        "install httpfs",
    ],
)
def test_sql_can_neither_leave_the_file_nor_change_it(tmp_path: Path, sql: str) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    snapshot = Snapshot(published(tmp_path, "b1", 1))
    with pytest.raises(duckdb.Error):
        snapshot.read(sql.format(folder=tmp_path))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["secret.csv", "serving"]


def test_results_are_cached_by_snapshot_and_parameters_and_a_caller_cannot_spoil_them(tmp_path: Path) -> None:
    first, second = Snapshot(published(tmp_path, "b1", 1)), Snapshot(published(tmp_path, "b2", 5))
    sql = "select count(*) as n from gold.dim_school where school_id < $limit"
    frame = first.read(sql, {"limit": 9})
    frame["n"] = 99
    assert [int(snapshot.read(sql, {"limit": 9})["n"].iloc[0]) for snapshot in (first, second)] == [1, 5]
    assert second.read(sql, {"limit": 2})["n"].iloc[0] == 2


@pytest.mark.parametrize(
    ("limit", "sql", "says"),
    [
        ("QUERY_SECONDS", "select sum(a.range * b.range) from range(1000000) as a, range(1000000) as b", "after 0.1 s"),
        ("memory_limit", "select * from range(10_000_000) order by hash(range)", "more than 30MB of memory"),
    ],
)
def test_a_query_that_needs_too_much_is_stopped_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, sql: str, says: str
) -> None:
    monkeypatch.setattr(snapshot, "QUERY_SECONDS", 0.1 if limit == "QUERY_SECONDS" else 60)
    monkeypatch.setitem(snapshot.LOCKED_DOWN, "memory_limit", "30MB" if limit == "memory_limit" else "512MB")
    held = Snapshot(published(tmp_path, "b1", 1))
    with pytest.raises(QueryTookTooLong, match=rf"{says}.* Choose a shorter period"):
        held.read(sql)


def test_a_build_says_which_tables_and_columns_it_has(tmp_path: Path) -> None:
    snapshot = Snapshot(publish(tmp_path, {}, DAY, without=["fct_rewards"]))
    assert snapshot.has("gold.dim_user", "gold.dim_user.user_type", "ops.snapshot")
    assert not snapshot.has("gold.fct_rewards")
    assert not snapshot.has("gold.dim_user.email")
