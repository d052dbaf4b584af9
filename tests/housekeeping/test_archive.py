"""Old landing days in the archive: no load takes them for lost, no kill loses a file, they come back as they were."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from include.generator.landing import undelivered_days
from include.housekeeping.archive_landing import archive_landing
from include.housekeeping.archive_restore import restore_landing
from include.housekeeping.errors import HousekeepingError
from include.ingest.archive import Archive
from include.ingest.errors import IngestError
from include.ingest.load import load_days
from include.ingest.replay import replay_quarantine
from include.pipeline import main
from include.settings import Paths
from include.status import status
from tests.housekeeping.killing import killed_at_each_step
from tests.housekeeping.steps import LIMITS, archive, bring_back
from tests.ingest.landed import DAY, EVENT, PURCHASE, USER, Landing

OLDEST = DAY - timedelta(days=10)
OLD = [OLDEST, OLDEST + timedelta(days=1), OLDEST + timedelta(days=2)]  # DAY itself is the newest; 8 days are kept
ALL_DAYS = [OLDEST + timedelta(days=number) for number in range(11)]


@pytest.fixture(scope="module")
def loaded_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    landing = Landing(tmp_path_factory.mktemp("loaded"))
    deliver(landing)
    landing.load(OLDEST)
    return landing.paths.root


@pytest.fixture
def landing(loaded_root: Path, tmp_path: Path) -> Landing:
    """Eleven loaded days, all but one with a manifest, that one with a broken row."""
    return Landing(shutil.copytree(loaded_root, tmp_path / "data"))


def deliver(landing: Landing) -> None:
    for number, ds in enumerate(ALL_DAYS):
        users = landing.put("users", f"{USER}\n{number},u{number}@b.c,2026-01-01,parent\n", ds)
        events = landing.put("events", f"{EVENT}\ne{number},{number},install,{ds}\n", ds, "part-0.csv.gz")
        if ds == OLD[1]:
            landing.put("purchases", f"{PURCHASE}\np1,1,1,1,1,1,{ds}\np2,one,1,1,1,1,{ds}\n", ds)
            landing.complete(ds)
        else:
            landing.complete_with_manifest({users: 1, events: 1}, ds)


def files(root: Path) -> dict[str, bytes]:
    """Content by path below ``root``; what is hidden or half written does not count."""
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in root.rglob("*")
        if file.is_file() and not file.name.startswith(".")
    }


def archived_files(paths: Paths) -> dict[str, bytes]:
    found = {}
    for ds in Archive(paths).days():
        with ZipFile(Archive(paths).file_of(ds)) as day:
            assert day.testzip() is None
            found |= {entry.path: day.read(entry.path) for entry in Archive(paths).inventory(ds)}
    return found


def warehouse(landing: Landing) -> dict[str, list[tuple]]:
    """All that a load could change."""
    tables = [f"raw.{name}" for name in ("users", "events", "purchases", "quarantine", "superseded")]
    tables += [f"ops.{name}" for name in ("landing_files", "landing_days", "loads", "lateness", "changed_days")]
    return {table: landing.rows(f"from {table} order by all") for table in tables}


def test_old_days_are_archived_whole_and_their_marks_stay(landing: Landing):
    before = files(landing.paths.landing)
    report = archive_landing(landing.paths, LIMITS)
    assert (report.days, report.files, report.left) == (OLD, 7, {})
    assert "2026-02-28 .. 2026-03-02 (3 days)" in report.text()
    left = files(landing.paths.landing)
    gone = before.keys() - left.keys()
    assert len(gone) == 7
    assert all(path.split("/")[1] in {f"ds={ds}" for ds in OLD} for path in gone)
    assert {path: archived_files(landing.paths)[path] for path in gone} == {path: before[path] for path in gone}
    assert not (landing.paths.landing / "events" / f"ds={OLDEST}").exists()


def test_a_load_after_archiving_changes_no_row_and_reports_nothing_missing(landing: Landing):
    before = warehouse(landing)
    archive_landing(landing.paths, LIMITS)
    for start in (DAY - timedelta(days=7), OLDEST):  # the daily run, and a reprocess of the archived days
        report = landing.load(start)
        assert (report.days, report.warnings, report.blocked) == ([], [], [])
    assert warehouse(landing) == before
    assert landing.rows("select count(*) from ops.landing_files where missing_since is not null") == [(0,)]
    assert "! Changed" not in status(landing.paths)
    assert undelivered_days(landing.paths.landing, OLDEST, DAY) == []


def test_a_file_that_really_vanishes_beside_archived_days_is_still_reported(landing: Landing):
    archive_landing(landing.paths, LIMITS)
    (landing.paths.landing / "users" / f"ds={DAY}" / "part-0.csv").unlink()
    assert landing.load().warnings == [
        f"users/ds={DAY}/part-0.csv has disappeared from the landing zone; its rows stay."
    ]


def test_a_rebuild_says_how_to_bring_archived_days_back_and_loads_the_same_rows_then(landing: Landing):
    loaded = rows_without_load(landing)
    archive_landing(landing.paths, LIMITS)
    landing.paths.warehouse.unlink()
    with pytest.raises(IngestError, match=f"3 landing days are archived .* archive restore --start {OLDEST} --end"):
        landing.load(OLDEST)
    assert landing.rows("select count(*) from raw.users") == [(0,)]
    restore_landing(OLD[0], OLD[-1], landing.paths)
    landing.load(OLDEST)
    assert rows_without_load(landing) == loaded


def test_a_rebuild_that_begins_after_the_archived_days_reports_them(landing: Landing):
    archive_landing(landing.paths, LIMITS)
    landing.paths.warehouse.unlink()
    warnings = landing.load(OLD[-1] + timedelta(days=1)).warnings
    assert [warning for warning in warnings if "the whole day, archived" in warning] != []


def test_even_without_the_landing_folder_a_rebuild_does_not_pass_over_archived_days(landing: Landing):
    archive_landing(landing.paths, LIMITS)
    landing.paths.warehouse.unlink()
    shutil.rmtree(landing.paths.landing)
    landing.complete(DAY)
    with pytest.raises(IngestError, match="3 landing days are archived"):
        landing.load(OLDEST)


def rows_without_load(landing: Landing) -> dict[str, list[tuple]]:
    return {
        table: landing.rows(f"select * exclude (_load_id, _loaded_at) from raw.{table} order by all")
        for table in ("users", "events", "purchases", "quarantine")
    }


def test_archived_files_come_back_with_their_bytes_and_times_and_the_archive_stays(landing: Landing):
    folder = landing.paths.landing
    before = {path: (content, (folder / path).stat().st_mtime_ns) for path, content in files(folder).items()}
    archive_landing(landing.paths, LIMITS)
    report = restore_landing(OLD[0], OLD[-1], landing.paths)
    assert (report.files, report.newer) == (7, [])
    assert {path: (content, (folder / path).stat().st_mtime_ns) for path, content in files(folder).items()} == before
    assert Archive(landing.paths).days() == OLD
    assert landing.load(OLDEST).warnings == []
    # and away again, from the archive that is there
    assert archive_landing(landing.paths, LIMITS).files == 7
    assert landing.load(OLDEST).warnings == []


def test_a_file_delivered_into_an_archived_day_is_loaded_and_joins_its_archive(landing: Landing):
    archive_landing(landing.paths, LIMITS)
    landing.put("users", f"{USER}\n77,new@b.c,2026-01-01,parent\n", OLD[1])
    report = landing.load(OLDEST)
    assert (report.days, len(report.files)) == ([OLD[1]], 1)
    assert landing.rows("select user_id from raw.users where _ds = '2026-03-01'") == [(77,)]
    assert archive_landing(landing.paths, LIMITS).days == [OLD[1]]
    there = archived_files(landing.paths)
    assert there[f"users/ds={OLD[1]}/part-0.csv"].endswith(b"77,new@b.c,2026-01-01,parent\n")
    assert f"events/ds={OLD[1]}/part-0.csv.gz" in there
    assert landing.load(OLDEST).warnings == []


def test_a_newer_delivery_is_not_overwritten_by_its_archive(landing: Landing):
    archive_landing(landing.paths, LIMITS)
    newer = landing.put("users", f"{USER}\n77,new@b.c,2026-01-01,parent\n", OLD[1])
    report = restore_landing(OLD[0], OLD[-1], landing.paths)
    assert report.newer == [f"users/ds={OLD[1]}/part-0.csv"]
    assert b"77,new" in newer.read_bytes()
    assert "another version" in report.text()


class TestStaysInTheLandingFolder:
    """Only what the warehouse has taken as it lies there may move."""

    def test_a_day_that_is_not_loaded(self, landing: Landing):
        day = OLDEST - timedelta(days=1)
        landing.put("users", f"{USER}\n9,a@b.c,2026-01-01,parent\n", day)
        landing.complete(day)
        assert archive_landing(landing.paths, LIMITS).left == {day: "it is not loaded"}

    def test_a_day_with_a_file_that_changed_since(self, landing: Landing):
        landing.put("users", f"{USER}\n9,a@b.c,2026-01-01,parent\n", OLD[0])
        report = archive_landing(landing.paths, LIMITS)
        assert report.left == {OLD[0]: f"users/ds={OLD[0]}/part-0.csv is not loaded as it lies there"}
        assert report.days == OLD[1:]
        assert f"! {OLD[0]} stays in the landing folder: " in report.text()

    def test_a_day_with_a_refused_file(self, landing: Landing):
        landing.put("purchases", "nonsense\n", OLD[1])
        landing.load(OLDEST)
        assert archive_landing(landing.paths, LIMITS).left == {OLD[1]: f"purchases/ds={OLD[1]}/part-0.csv was refused"}

    def test_what_is_no_landing_file(self, landing: Landing):
        stray = landing.put("events", "a note", OLD[0], "README.txt")
        archive_landing(landing.paths, LIMITS)
        assert stray.exists()

    def test_everything_while_nothing_is_loaded(self, tmp_path: Path):
        landing = Landing(tmp_path)
        deliver(landing)
        assert archive_landing(landing.paths, LIMITS).days == []


def test_quarantined_rows_of_an_archived_day_say_how_to_bring_their_file_back(landing: Landing):
    archive_landing(landing.paths, LIMITS)
    text = replay_quarantine(landing.paths).text()
    assert f"archive restore --start {OLD[1]} --end {OLD[1]}" in text
    restore_landing(OLD[1], OLD[1], landing.paths)
    assert "archive" not in replay_quarantine(landing.paths).text()


def test_a_damaged_archive_is_named_and_nothing_of_it_comes_back(landing: Landing):
    archive_landing(landing.paths, LIMITS)
    file = Archive(landing.paths).file_of(OLD[1])
    content = bytearray(file.read_bytes())
    content[60:90] = bytes(30)
    file.write_bytes(content)
    with pytest.raises(IngestError, match=r"ds=2026-03-01\.zip is damaged"):
        restore_landing(OLD[1], OLD[1], landing.paths)
    assert files(landing.paths.landing / "events" / f"ds={OLD[1]}") == {}


def test_a_damaged_archive_fails_the_house_keeping_and_not_the_daily_load(landing: Landing):
    archive_landing(landing.paths, LIMITS)
    Archive(landing.paths).file_of(OLD[1]).write_bytes(b"no zip file")
    assert landing.load().warnings == []
    with pytest.raises(IngestError, match=r"ds=2026-03-01\.zip is damaged"):
        archive_landing(landing.paths, LIMITS)


def test_days_that_are_not_archived_cannot_be_brought_back(landing: Landing):
    with pytest.raises(HousekeepingError, match="holds nothing"):
        restore_landing(OLDEST, DAY, landing.paths)
    archive_landing(landing.paths, LIMITS)
    with pytest.raises(HousekeepingError, match=f"holds {OLD[0]} .. {OLD[-1]}"):
        restore_landing(date(2020, 1, 1), date(2020, 2, 1), landing.paths)


def test_the_command_line_archives_and_brings_back(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CARTON_DATA_DIR", str(landing.paths.root))
    back = ["archive", "restore", "--start", str(OLDEST), "--end", str(DAY)]
    assert main(["archive", "landing"]) == 0
    assert "Archived 0 landing days" in capsys.readouterr().out  # ten days are young under the limits in force
    assert main(back) == 1
    assert "is archived" in capsys.readouterr().err
    archive_landing(landing.paths, LIMITS)
    assert main(back) == 0
    assert "Brought back 3 landing days, 2026-02-28 .. 2026-03-02: 7 files" in capsys.readouterr().out


@pytest.mark.slow
def test_no_kill_at_some_steps_of_archiving_loses_a_file(landing: Landing, tmp_path: Path):
    assert killed_while_archiving(landing, tmp_path, every=6) > 5


@pytest.mark.extended
def test_no_kill_at_any_step_of_archiving_loses_a_file(landing: Landing, tmp_path: Path):
    assert killed_while_archiving(landing, tmp_path, every=1) > 30


def killed_while_archiving(landing: Landing, tmp_path: Path, every: int) -> int:
    """Kill it, look, let it finish, begin anew; returns the number of kills."""
    pristine = tmp_path / "pristine"
    shutil.copytree(landing.paths.root, pristine)
    original = files(landing.paths.landing)
    kills = 0
    for _ in killed_at_each_step(archive, landing.paths.root, every=every):
        kills += 1
        assert archived_files(landing.paths) | files(landing.paths.landing) == original
        assert load_days(OLDEST, DAY, landing.paths).warnings == []
        archive_landing(landing.paths, LIMITS)
        assert Archive(landing.paths).days() == OLD
        assert archived_files(landing.paths) | files(landing.paths.landing) == original
        assert len(files(landing.paths.landing)) == len(original) - 7
        shutil.rmtree(landing.paths.root)
        shutil.copytree(pristine, landing.paths.root)
    return kills


@pytest.mark.slow
def test_a_restore_killed_at_any_step_is_finished_by_the_next(landing: Landing):
    original = files(landing.paths.landing)
    archive_landing(landing.paths, LIMITS)
    without = files(landing.paths.landing)
    kills = 0
    for _ in killed_at_each_step(bring_back, landing.paths.root, OLD[0], OLD[-1]):
        kills += 1
        there = files(landing.paths.landing)
        assert without.items() <= there.items() <= original.items()
        assert load_days(OLDEST, DAY, landing.paths).warnings == []
    assert kills > 10
    assert files(landing.paths.landing) == original
