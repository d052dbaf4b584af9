"""What is older than its limit goes, whatever is younger stays, and a log that is written to is shortened under it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from include.alerts.mail import Mail
from include.alerts.outbox import put
from include.alerts.store import transaction
from include.housekeeping.limits import GrowingLog, OldFiles
from include.housekeeping.old_files import remove_old_files
from include.settings import Paths
from tests.housekeeping.steps import LIMITS

DAYS = 24 * 3600


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.delenv("AIRFLOW__LOGGING__BASE_LOG_FOLDER", raising=False)
    return Paths(tmp_path)


def aged(file: Path, days: float) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("12345")
    moment = time.time() - days * DAYS
    os.utime(file, (moment, moment))
    os.utime(file.parent, (moment, moment))
    return file


def test_old_logs_and_mails_go_and_young_ones_stay(paths: Paths):
    logs = paths.root / "airflow" / "logs"
    old = [
        aged(logs / "dag_id=a" / "run_id=old" / "task_id=t" / "attempt=1.log", 31),
        aged(logs / "dag_processor" / "2026-01-01" / "x.log", 40),
        aged(paths.mail / "1.eml", 91),
        aged(paths.serving / ".gold-b1.duckdb.tmp", 2),
        aged(paths.root / "dbt" / "logs" / "dbt.log.3", 31),
    ]
    young = [
        aged(logs / "dag_id=a" / "run_id=new" / "task_id=t" / "attempt=1.log", 29),
        aged(paths.mail / "2.eml", 89),
        aged(paths.serving / ".gold-b2.duckdb.tmp", 0.5),
        aged(paths.serving / "gold-b0.duckdb", 400),  # publishing counts these
        aged(paths.warehouse, 400),
        aged(paths.root / "postgres" / "base", 400),
    ]
    removed = remove_old_files(paths, LIMITS)
    assert [file for file in old if file.exists()] == []
    assert [file for file in young if not file.exists()] == []
    assert (sum(removed.files.values()), removed.bytes) == (5, 25)
    assert "Removed 5 old files" in removed.text()
    assert "airflow/logs: 2" in removed.text()


def test_folders_that_have_been_empty_for_a_while_go_too_and_links_stay(paths: Paths):
    logs = paths.root / "airflow" / "logs"
    file = aged(logs / "dag_id=a" / "run_id=old" / "attempt=1.log", 31)
    (logs / "latest").symlink_to(file)
    remove_old_files(paths, LIMITS)
    assert file.parent.exists(), "a run that begins now makes its folder first"
    for folder in (file.parent, file.parent.parent):
        os.utime(folder, (time.time() - DAYS, time.time() - DAYS))
    remove_old_files(paths, LIMITS)
    assert not file.parent.exists()
    assert (logs / "latest").is_symlink()
    assert logs.exists()


def test_logs_are_looked_for_where_airflow_puts_them(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    elsewhere = aged(tmp_path / "elsewhere" / "dag_id=a" / "attempt=1.log", 31)
    monkeypatch.setenv("AIRFLOW__LOGGING__BASE_LOG_FOLDER", str(tmp_path / "elsewhere"))
    remove_old_files(paths, LIMITS)
    assert not elsewhere.exists()


def test_a_log_without_an_end_keeps_its_newest_half_and_its_writer_goes_on(paths: Paths):
    limits = type(LIMITS)(**{**LIMITS.__dict__, "old_files": (), "growing_logs": (GrowingLog("logs/servers.log", 1),)})
    log = paths.root / "logs" / "servers.log"
    log.parent.mkdir(parents=True)
    with log.open("a", buffering=1) as writer:  # as embedded/servers.py does
        for number in range(110_000):
            writer.write(f"line {number:06}\n")
        assert remove_old_files(paths, limits).shortened == ["logs/servers.log"]
        writer.write("line after\n")
    lines = log.read_text().splitlines()
    assert lines[-2:] == ["line 109999", "line after"]
    assert lines[0].startswith("line 0")
    assert all(len(line) in (10, 11) for line in lines), "a line was cut"
    assert log.stat().st_size <= 500_100
    assert [file.name for file in log.parent.iterdir()] == ["servers.log"]
    assert remove_old_files(paths, limits).shortened == []


def test_mails_of_long_ago_are_emptied_and_the_report_says_how_many(paths: Paths):
    with transaction(paths) as con:
        put(con, Mail("Volume", ("Words.",)), (), "run")
        con.execute("update mails set queued_at = '2020-01-01T00:00:00+00:00'")
    assert "1 old mails keep their subject only" in remove_old_files(paths, LIMITS).text()
    assert remove_old_files(paths, LIMITS).emptied_mails == 0


def test_nothing_to_remove_is_no_error(paths: Paths):
    assert remove_old_files(paths, LIMITS).text() == "Removed 0 old files, 0.0 MB."
    assert OldFiles("mail", "*.eml", 90) in LIMITS.old_files
