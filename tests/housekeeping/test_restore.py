"""The way back: the warehouse is the old one or the backup's, whatever happens; a trial says that a backup is good."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from include.housekeeping.back_up import back_up
from include.housekeeping.backups import DATABASE, DESCRIPTION, Backup, find_backup
from include.housekeeping.disk import sha256
from include.housekeeping.errors import HousekeepingError
from include.housekeeping.restore import publish_when_nothing_is, restore
from include.housekeeping.tables import table_states
from include.housekeeping.trial import try_newest_backup
from include.pipeline import main, reprocess, run
from include.settings import Paths
from include.status import status
from include.warehouse import connect
from tests.housekeeping.killing import killed_at_each_step
from tests.housekeeping.steps import LIMITS, restore_backup
from tests.housekeeping.test_backup import landing
from tests.ingest.landed import DAY, USER, Landing
from tests.support.builds import pretend_build
from tests.support.gold import assert_same_gold
from tests.support.small_client import FIRST, SECOND, land_first_day, land_second_day

__all__ = ["landing"]  # a fixture
NEXT = DAY + timedelta(days=1)


def load_another_day(landing: Landing) -> None:
    landing.put("users", f"{USER}\n500,late@b.c,2026-01-01,parent\n", NEXT)
    landing.complete(NEXT)
    landing.load(end=NEXT)


def users(paths: Paths) -> int:
    with connect(paths, read_only=True) as con:
        return con.execute("select count(*) from raw.users").fetchall()[0][0]


def test_a_lost_warehouse_comes_back_as_it_was(landing: Landing):
    backup = back_up(landing.paths, LIMITS)
    shutil.rmtree(landing.paths.warehouse.parent)
    assert f"Or bring back {backup.name}: python -m include.pipeline restore newest" in status(landing.paths)
    (landing.paths.root / "world.json").unlink()
    restored = restore(backup, landing.paths)
    with connect(landing.paths, read_only=True) as con:
        assert table_states(con) == backup.tables
    assert (landing.paths.root / "world.json").read_text() == "{}"
    assert (restored.aside, restored.next_command) == (None, None)
    assert restored.kept == ["alerts", "airflow/secrets.json"]
    assert landing.load(accept=["all"]).days == []


def test_everything_comes_back_into_an_empty_folder_and_readers_have_something(landing: Landing, tmp_path: Path):
    backup = back_up(landing.paths, LIMITS)
    elsewhere = Paths(tmp_path / "new machine")
    (elsewhere.alerts / ".restoring-alerts" / "half").mkdir(parents=True)  # a mount, and a restore killed before
    restore(backup, elsewhere)
    assert (elsewhere.alerts / "queue" / "1.json").exists()
    assert [path.name for path in elsewhere.alerts.iterdir()] == ["queue"]
    assert (elsewhere.root / "airflow" / "secrets.json").stat().st_mode & 0o077 == 0
    published = publish_when_nothing_is(elsewhere)
    assert published is not None
    assert elsewhere.current.resolve() == published
    assert publish_when_nothing_is(elsewhere) is None


def test_the_command_line_restores_on_a_new_machine_and_publishes(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CARTON_BACKUP_DIR", str(tmp_path / "other disk"))
    back_up(landing.paths, LIMITS)
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path / "new machine"))
    assert main(["restore", "newest"]) == 0
    told = capsys.readouterr().out
    assert f"landing days up to {DAY}" in told
    assert "Published   gold-b1.duckdb" in told
    assert users(Paths(tmp_path / "new machine")) == 50
    load_another_day(Landing(tmp_path / "new machine"))
    assert main(["restore", "newest"]) == 1
    assert "add --force" in capsys.readouterr().err
    assert main(["restore", "newest", "--force"]) == 0


def test_a_backup_of_a_failed_build_is_restored_and_the_report_says_why_nothing_is_published(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CARTON_BACKUP_DIR", str(tmp_path / "other disk"))
    pretend_build(landing.paths, "b2", DAY, load_id=1, status="fail")
    back_up(landing.paths, LIMITS)
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path / "new machine"))
    assert main(["restore", "newest"]) == 0
    said = capsys.readouterr().out
    assert "Nothing is published yet" in said
    assert "Build b2 is not sound" in said


class TestNewerLoads:
    """What the backup does not know is not overwritten unasked, and never removed."""

    def test_are_refused(self, landing: Landing):
        backup = back_up(landing.paths, LIMITS)
        load_another_day(landing)
        with pytest.raises(HousekeepingError, match=f"1 loads more than the backup .* up to landing day {NEXT}"):
            restore(backup, landing.paths)
        assert users(landing.paths) == 51

    def test_are_put_aside_with_force_and_the_report_says_how_to_load_them_again(self, landing: Landing):
        backup = back_up(landing.paths, LIMITS)
        load_another_day(landing)
        restored = restore(backup, landing.paths, force=True)
        assert users(landing.paths) == 50
        assert restored.aside is not None
        with duckdb.connect(str(restored.aside / DATABASE), read_only=True) as old:
            assert old.execute("select count(*) from raw.users").fetchall() == [(51,)]
        command = f"run --source landing --start {DAY} --end {NEXT}"
        assert command in restored.text()
        landing.load(DAY, NEXT)
        assert users(landing.paths) == 51


class TestRefused:
    """Nothing is touched then."""

    def test_while_the_servers_run(self, landing: Landing):
        backup = back_up(landing.paths, LIMITS)
        (landing.paths.root / "run").mkdir()
        with FileLock(landing.paths.root / "run" / "up.lock"), pytest.raises(HousekeepingError, match="make stop"):
            restore(backup, landing.paths)

    @pytest.mark.parametrize("damage", ["flipped", "cut", "absent"])
    def test_from_a_damaged_backup(self, landing: Landing, damage: str):
        backup = back_up(landing.paths, LIMITS)
        file = backup.folder / DATABASE
        content = bytearray(file.read_bytes())
        if damage == "flipped":
            content[len(content) // 2] ^= 1
        file.unlink()
        if damage != "absent":
            file.write_bytes(content[: -4096 if damage == "cut" else None])
        with pytest.raises(HousekeepingError, match=rf"is damaged: {DATABASE} is not what was written"):
            restore(backup, landing.paths)
        assert users(landing.paths) == 50


def test_a_damaged_warehouse_is_replaced_and_kept_aside(landing: Landing):
    backup = back_up(landing.paths, LIMITS)
    landing.paths.warehouse.write_bytes(b"not a database")
    restored = restore(backup, landing.paths)
    assert users(landing.paths) == 50
    assert restored.aside is not None
    assert (restored.aside / DATABASE).read_bytes() == b"not a database"


def test_the_log_of_a_warehouse_that_was_removed_does_not_meet_the_restored_one(landing: Landing):
    backup = back_up(landing.paths, LIMITS)
    log = landing.paths.warehouse.with_name(f"{DATABASE}.wal")
    leave_a_log = (
        "import duckdb, os, sys; con = duckdb.connect(sys.argv[1]);"
        " con.execute('insert into raw.users from raw.users'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", leave_a_log, str(landing.paths.warehouse)], check=True)
    assert log.exists()
    landing.paths.warehouse.unlink()
    restored = restore(backup, landing.paths)
    assert users(landing.paths) == 50
    assert restored.aside is not None
    assert [file.name for file in restored.aside.iterdir()] == [log.name]


@pytest.mark.slow
def test_a_restore_killed_at_any_step_leaves_the_old_warehouse_or_the_backups(landing: Landing):
    backup = back_up(landing.paths, LIMITS)
    load_another_day(landing)
    kills = 0
    for _ in killed_at_each_step(restore_backup, landing.paths.root, backup.name):
        kills += 1
        assert users(landing.paths) in (50, 51)
        whole = [landing.paths.warehouse, *landing.paths.warehouse.parent.glob(f"replaced-*/{DATABASE}")]
        assert 51 in [rows_of(file) for file in whole], "the newer warehouse is gone"
    assert kills > 10
    assert users(landing.paths) == 50


@pytest.mark.slow
def test_a_restore_into_an_empty_mount_killed_at_any_step_is_finished_by_the_next(landing: Landing, tmp_path: Path):
    for name in ("sent", "seen"):
        (landing.paths.alerts / name).mkdir()
        (landing.paths.alerts / name / "2.json").write_text(name)
    backup = back_up(landing.paths, LIMITS)
    expected = contents(landing.paths.alerts)
    elsewhere = Paths(tmp_path / "new machine")
    shutil.copytree(landing.paths.backup, elsewhere.backup)
    elsewhere.alerts.mkdir()
    parts_seen = set()
    for _ in killed_at_each_step(restore_backup, elsewhere.root, backup.name):
        shown = [part for part in elsewhere.alerts.iterdir() if not part.name.startswith(".")]
        parts_seen.add(len(shown))
        assert all(contents(part) == contents(landing.paths.alerts / part.name) for part in shown)
        restore(find_backup(backup.name, elsewhere), elsewhere)
        assert contents(elsewhere.alerts) == expected
        shutil.rmtree(elsewhere.alerts)
        elsewhere.alerts.mkdir()
    assert parts_seen == {0, 1, 2, 3}
    assert contents(elsewhere.alerts) == expected


def contents(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def rows_of(file: Path) -> int:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute("select count(*) from raw.users").fetchall()[0][0]


class TestTrial:
    """The newest backup restored beside the others and compared."""

    def test_a_good_backup_is_marked_as_tried_and_nothing_else_is_left(self, landing: Landing):
        back_up(landing.paths, LIMITS)
        before = landing.paths.warehouse.stat()
        tried = try_newest_backup(landing.paths, LIMITS)
        assert tried.tried_at is not None
        assert "restored as a trial" in tried.text()
        assert landing.paths.warehouse.stat() == before
        assert {file.name for file in landing.paths.backup.iterdir()} == {".lock", tried.name}
        find_backup("newest", landing.paths).require_intact()

    def test_a_backup_whose_rows_are_not_those_of_the_warehouse_fails_it(self, landing: Landing):
        backup = back_up(landing.paths, LIMITS)
        with duckdb.connect(str(backup.folder / DATABASE)) as con:
            con.execute("update raw.users set email = 'wrong@b.c' where user_id = 7")
        described_anew(backup)  # now only the rows tell
        with pytest.raises(HousekeepingError, match=r"raw\.users: 50 rows instead of 50 rows"):
            try_newest_backup(landing.paths, LIMITS)

    def test_a_view_that_cannot_be_read_fails_it(self, landing: Landing):
        backup = back_up(landing.paths, LIMITS)
        with duckdb.connect(str(backup.folder / DATABASE)) as con:
            con.execute("create table ops.gone (x int)")
            con.execute("create view ops.broken as select x from ops.gone")
            con.execute("drop table ops.gone")
        described_anew(backup)
        with pytest.raises(HousekeepingError, match=r"the view ops\.broken cannot be read"):
            try_newest_backup(landing.paths, LIMITS)

    def test_an_old_backup_fails_it(self, landing: Landing):
        described_anew(back_up(landing.paths, LIMITS), hours_older=40)
        with pytest.raises(HousekeepingError, match="is 40 hours old; 36 are allowed"):
            try_newest_backup(landing.paths, LIMITS)

    def test_no_backup_fails_it(self, landing: Landing):
        with pytest.raises(HousekeepingError, match="There is no backup"):
            try_newest_backup(landing.paths, LIMITS)


def described_anew(backup: Backup, hours_older: int = 0) -> None:
    """Write the description again for the files as they are now."""
    files = {path: sha256(backup.folder / path) for path in backup.files}
    told = replace(backup, files=files, made_at=backup.made_at - timedelta(hours=hours_older)).description()
    (backup.folder / DESCRIPTION).write_text(json.dumps(told))


def test_the_status_shows_the_last_backup_and_asks_for_one(landing: Landing):
    assert "! Backup     there is none: python -m include.pipeline backup" in status(landing.paths)
    backup = back_up(landing.paths, LIMITS)
    lines = status(landing.paths).splitlines()
    assert lines[-1] == f"Backup      0 hours old: {backup.text()}"
    assert not any(line.startswith("! Backup") for line in lines)
    described_anew(backup, hours_older=40)
    assert "! Backup     the newest backup is 40 hours old, 36 are allowed: " in status(landing.paths)


@pytest.mark.slow
def test_a_full_build_on_a_restored_backup_gives_the_same_gold(tmp_path: Path):
    paths = Paths(tmp_path / "data")
    land_first_day(paths)
    land_second_day(paths)
    run(FIRST, SECOND, paths, source="landing")
    rebuilt = Paths(tmp_path / "restored")
    shutil.copytree(paths.landing, rebuilt.landing)
    restore(back_up(paths, LIMITS), rebuilt)
    assert_same_gold(rebuilt.warehouse, paths.warehouse)
    reprocess(FIRST, SECOND, rebuilt, full_refresh=True)
    assert_same_gold(rebuilt.warehouse, paths.warehouse)


@pytest.mark.extended
def test_days_built_on_a_restored_backup_give_the_same_gold(tmp_path: Path):
    paths = Paths(tmp_path / "data")
    land_first_day(paths)
    run(FIRST, FIRST, paths, source="landing")
    backup = back_up(paths, LIMITS)
    land_second_day(paths)
    run(SECOND, SECOND, paths, source="landing")

    rebuilt = Paths(tmp_path / "restored")
    shutil.copytree(paths.landing, rebuilt.landing)
    restore(backup, rebuilt)
    run(SECOND, SECOND, rebuilt, source="landing")  # what has landed since, on top of the backup's silver and gold
    assert_same_gold(rebuilt.warehouse, paths.warehouse)
