"""Backups of a real warehouse: complete, verified, never half there, and only the newest few."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from include.errors import CartonCapsError
from include.housekeeping.back_up import back_up
from include.housekeeping.backups import DATABASE, backups, find_backup
from include.housekeeping.disk import require_free
from include.housekeeping.errors import HousekeepingError
from include.housekeeping.tables import require_same, table_states
from include.settings import PROJECT_ROOT, Paths
from include.warehouse import connect
from tests.housekeeping.killing import killed_at_each_step
from tests.housekeeping.steps import LIMITS, make_backup
from tests.ingest.landed import DAY, EVENT, USER, Landing
from tests.support.builds import pretend_build


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """One loaded day, a build of it, and what lies beside the warehouse."""
    landing = Landing(tmp_path / "data")
    landing.put("users", f"{USER}\n" + "".join(f"{n},u{n}@b.c,2026-01-01,parent\n" for n in range(50)))
    landing.put("events", f"{EVENT}\n" + "".join(f"e{n},{n},install,{DAY}\n" for n in range(50)) + "bad,x,install,x\n")
    landing.complete()
    landing.load(accept=["all"])
    pretend_build(landing.paths, "b1", DAY, load_id=1)
    root = landing.paths.root
    (root / "alerts" / "queue").mkdir(parents=True)
    (root / "alerts" / "queue" / "1.json").write_text('{"to": "x"}')
    (root / "world.json").write_text("{}")
    (root / "airflow").mkdir()
    (root / "airflow" / "secrets.json").write_text('{"fernet_key": "k"}')
    return landing


def test_a_backup_holds_every_row_and_what_lies_beside(landing: Landing):
    backup = back_up(landing.paths, LIMITS)
    with connect(landing.paths, read_only=True) as con:
        states = table_states(con)
    with duckdb.connect(str(backup.folder / DATABASE), read_only=True) as copy:
        assert table_states(copy) == states
        assert copy.execute("select table_name, row_count from ops.gate").fetchall() == []
    assert states["raw.users"][0] == states["raw.events"][0] == 50
    assert states["raw.quarantine"][0] == states["gold.dim_product"][0] == 1
    assert (backup.newest_day, backup.newest_load) == (DAY, 1)
    assert set(backup.files) == {
        DATABASE,
        "alerts/queue/1.json",
        "world.json",
        "airflow/secrets.json",
    }
    assert backups(landing.paths) == [backup]
    assert find_backup("newest", landing.paths) == find_backup(backup.name, landing.paths) == backup


def test_keys_in_a_backup_are_for_its_owner_only(landing: Landing):
    folder = back_up(landing.paths, LIMITS).folder
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "airflow" / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_backup_lies_where_the_environment_says(landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_BACKUP_DIR", str(tmp_path / "other disk"))
    assert back_up(landing.paths, LIMITS).folder.parent == tmp_path / "other disk"


def test_one_folder_takes_the_backups_of_one_data_root(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CARTON_BACKUP_DIR", str(tmp_path / "other disk"))
    theirs = back_up(landing.paths, LIMITS)
    ours = Paths(tmp_path / "ours")
    with connect(ours):
        pass
    with pytest.raises(HousekeepingError, match=f"has backups of {landing.paths.root}"):
        back_up(ours, LIMITS)
    assert backups(ours) == [theirs]


def test_a_database_of_the_alerts_is_copied_whole_while_it_is_written(landing: Landing):
    file = landing.paths.alerts / "state.db"
    with sqlite3.connect(file) as live:
        live.execute("pragma journal_mode = wal")
        live.execute("create table queue as select 7 as seven")
        live.commit()
        copy = back_up(landing.paths, LIMITS).folder / "alerts" / "state.db"  # its rows are in the log, not in the file
        assert not copy.with_name("state.db-wal").exists()
    with sqlite3.connect(copy) as restored:
        assert restored.execute("select seven from queue").fetchall() == [(7,)]


def test_only_the_newest_backups_are_kept(landing: Landing):
    oldest = back_up(landing.paths, LIMITS)
    for name in ("2026-01-01T030000Z", "2026-01-02T030000Z"):
        shutil.copytree(oldest.folder, landing.paths.backup / name)
    time.sleep(1.1)  # a backup's name has the second in it
    newest = back_up(landing.paths, replace(LIMITS, backups_kept=2))
    assert [backup.name for backup in backups(landing.paths)] == [newest.name, oldest.name]


def test_two_backups_at_once_are_refused(landing: Landing):
    landing.paths.backup.mkdir()
    with FileLock(landing.paths.backup / ".lock"), pytest.raises(HousekeepingError, match="Another process"):
        back_up(landing.paths, LIMITS)


def test_without_a_warehouse_there_is_nothing_to_back_up(tmp_path: Path):
    with pytest.raises(HousekeepingError, match="nothing to back up"):
        back_up(Paths(tmp_path), LIMITS)
    assert not Paths(tmp_path).warehouse.exists()


def test_a_disk_without_room_is_refused_before_anything_is_written(landing: Landing):
    with (landing.paths.alerts / "huge").open("wb") as file:
        os.truncate(file.fileno(), 15 * 10**12)  # takes no room itself
    with pytest.raises(HousekeepingError, match=r"Not enough room for a backup: it takes 15,0.* Nothing was changed"):
        back_up(landing.paths, LIMITS)
    assert [file.name for file in landing.paths.backup.iterdir()] == [".lock"]
    require_free(landing.paths.root, 1, "a byte")


def test_a_copy_that_differs_is_named():
    good = {"raw.users": (2, "17"), "raw.events": (1, "5")}
    with pytest.raises(HousekeepingError, match=r"raw\.users: 1 rows instead of 2 rows"):
        require_same(good | {"raw.users": (1, "9")}, good, "The copy")
    with pytest.raises(HousekeepingError, match=r"raw\.events: no table instead of 1 rows"):
        require_same({"raw.users": (2, "17")}, good, "The copy")
    require_same(dict(good), good, "The copy")


def test_the_hash_sees_one_changed_value_and_two_equal_rows(landing: Landing):
    with connect(landing.paths) as con:
        before = table_states(con)["raw.users"]
        con.execute("update raw.users set email = 'other@b.c' where user_id = 7")
        changed = table_states(con)["raw.users"]
        assert changed[0] == before[0]
        assert changed[1] != before[1]
        con.execute("insert into raw.users from raw.users")
        assert table_states(con)["raw.users"][1] not in (before[1], changed[1], "0")


@pytest.mark.slow
def test_a_backup_killed_at_some_steps_leaves_the_earlier_one_and_none_that_looks_like_one(landing: Landing):
    assert killed_while_backing_up(landing, every=6) > 3


@pytest.mark.extended
def test_a_backup_killed_at_any_step_leaves_the_earlier_one_and_none_that_looks_like_one(landing: Landing):
    assert killed_while_backing_up(landing, every=1) > 20


def killed_while_backing_up(landing: Landing, every: int) -> int:
    """Kill it again and again; returns the number of kills."""
    first = back_up(landing.paths, LIMITS)
    kills = 0
    for _ in killed_at_each_step(make_backup, landing.paths.root, every=every):
        kills += 1
        there = backups(landing.paths)
        assert first in there
        for backup in there:
            backup.require_intact()
        for later in there[:-1]:
            shutil.rmtree(later.folder)  # complete, killed while it tidied up
    assert not list(landing.paths.backup.glob(".partial-*"))
    return kills


@pytest.mark.slow
def test_the_command_line_backs_up_and_lists(landing: Landing):
    def pipeline(*arguments: str) -> str:
        run = subprocess.run(
            [sys.executable, "-m", "include.pipeline", *arguments],
            cwd=PROJECT_ROOT,
            env=os.environ | {"CARTON_DATA_DIR": str(landing.paths.root)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    assert "No backup in" in pipeline("restore")
    assert pipeline("backup").startswith("Backed up: 20")
    assert f"landing days up to {DAY}" in pipeline("restore")
    assert "not tried yet" in pipeline("restore")


def test_a_name_that_is_no_backup_lists_those_there_are(landing: Landing):
    with pytest.raises(CartonCapsError, match="none; make one"):
        find_backup("newest", landing.paths)
    backup = back_up(landing.paths, LIMITS)
    with pytest.raises(CartonCapsError, match=f"There are: {backup.name}"):
        find_backup("yesterday", landing.paths)
