"""Airflow's database, a real one: cleaned from where a task runs, dumped into a backup, and brought back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg2
import pytest

from embedded import postgres
from embedded.airflow_env import airflow_env
from embedded.places import Places, Ports
from embedded.restore_metadata import restore
from embedded.world import World
from include.errors import CartonCapsError
from include.housekeeping.back_up import back_up
from include.housekeeping.backups import METADATA
from include.housekeeping.errors import HousekeepingError
from include.housekeeping.metadata import clean_metadata, connection_env, require_readable_dump
from include.housekeeping.trial import try_newest_backup
from include.settings import PROJECT_ROOT, Paths
from include.warehouse import connect
from tests.housekeeping.steps import LIMITS

OLD, YOUNG = (datetime.now(UTC) - timedelta(days=days) for days in (LIMITS.airflow_history_days + 2, 2))


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """A data root whose Airflow database has been prepared as the first start does."""
    places = Places(Paths(tmp_path_factory.mktemp("metadata") / "data"))
    server = postgres.start(places)
    try:
        env = airflow_env(places, Ports(), postgres.database_uri(server), World(date(2026, 1, 1), date(2026, 2, 1), 10))
        command = [sys.executable, "-m", "embedded.metadata"]
        run = subprocess.run(command, env=env, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr[-3000:]
        with connect(places.paths):
            pass
        yield places
    finally:
        postgres.start(places).stop()


@pytest.fixture
def as_a_task(places: Places, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment in which Airflow runs a task: its own way to the database is barred."""
    uri = postgres.database_uri(postgres.start(places))
    env = airflow_env(places, Ports(), uri, World(date(2026, 1, 1), date(2026, 2, 1), 10))
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    for section in ("CORE", "DATABASE"):
        monkeypatch.setenv(f"AIRFLOW__{section}__SQL_ALCHEMY_CONN", "airflow-db-not-allowed:///")
    monkeypatch.setenv("_AIRFLOW_PROCESS_CONTEXT", "client")
    assert os.environ["CARTON_METADATA_URI"] == uri
    return uri


def ask(uri: str, sql: str, *values: object) -> list[tuple]:
    connection = psycopg2.connect(uri.replace("+psycopg2", ""))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def note_event(uri: str, at: datetime) -> None:
    ask(uri, "insert into log (dttm, event, owner) values (%s, 'test', 'test')", at)


def events(uri: str) -> list[datetime]:
    return [at for (at,) in ask(uri, "select dttm from log where event = 'test' order by dttm")]


@pytest.mark.slow
def test_old_rows_go_young_ones_stay_and_no_archive_tables_are_left(as_a_task: str):
    for moment in (OLD, YOUNG):
        note_event(as_a_task, moment)
    clean_metadata(LIMITS)
    assert events(as_a_task) == [YOUNG]
    assert ask(as_a_task, "select count(*) from pg_tables where tablename like '%%_airflow_deleted%%'") == [(0,)]


@pytest.mark.slow
def test_a_backup_carries_the_database_and_it_comes_back(as_a_task: str, places: Places):
    note_event(as_a_task, YOUNG)
    known = events(as_a_task)
    backup = back_up(places.paths, LIMITS)
    assert METADATA in backup.files
    assert "with Airflow's database" in try_newest_backup(places.paths, LIMITS).text()
    ask(as_a_task, "delete from log")
    ask(as_a_task, "drop table dag_run cascade")
    before = restore("newest", places)
    uri = postgres.database_uri(postgres.start(places))
    assert events(uri) == known
    assert ask(uri, "select pool, slots from slot_pool where pool = 'warehouse_writer'") == [("warehouse_writer", 1)]
    assert before.exists()
    with pytest.raises(HousekeepingError, match="holds no table dag_run"):
        require_readable_dump(before)  # what was there had none


def test_without_an_address_nothing_pretends_to_be_cleaned(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CARTON_METADATA_URI", raising=False)
    with pytest.raises(HousekeepingError, match="CARTON_METADATA_URI is not set"):
        clean_metadata(LIMITS)


@pytest.mark.slow
def test_a_database_that_cannot_be_reached_says_so(monkeypatch: pytest.MonkeyPatch, places: Places):
    monkeypatch.setenv("CARTON_METADATA_URI", "postgresql+psycopg2://nobody@127.0.0.1:1/none")
    with pytest.raises(HousekeepingError, match="could not be backed up"):
        back_up(places.paths, LIMITS)
    with pytest.raises(HousekeepingError, match="could not be cleaned"):
        clean_metadata(LIMITS)


def test_a_backup_made_by_hand_is_without_airflow_and_says_so(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CARTON_METADATA_URI", raising=False)
    paths = Paths(tmp_path)
    with connect(paths):
        pass
    assert "without Airflow's database" in back_up(paths, LIMITS).text()
    with pytest.raises(CartonCapsError, match="is without Airflow's database"):
        restore("newest", Places(paths))


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        (
            "postgresql+psycopg2://postgres:@/postgres?host=/tmp/a%20b",
            {"PGHOST": "/tmp/a b", "PGUSER": "postgres", "PGDATABASE": "postgres"},
        ),
        (
            "postgresql+psycopg2://airflow:p%40ss@db:5433/airflow",
            {"PGHOST": "db", "PGPORT": "5433", "PGUSER": "airflow", "PGPASSWORD": "p@ss", "PGDATABASE": "airflow"},
        ),
    ],
)
def test_postgresql_gets_the_address_in_its_environment(uri: str, expected: dict[str, str]):
    assert {name: value for name, value in connection_env(uri).items() if name.startswith("PG")} == expected
