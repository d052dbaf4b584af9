from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from embedded.places import Places
from embedded.prepare import bootstrap
from embedded.world import World, decide_world, load_world, refuse_another_source, save_world
from include.errors import CartonCapsError
from include.generator.__main__ import main as simulator
from include.pipeline import generate
from include.settings import Paths


def test_the_history_ends_the_day_before_the_scheduler_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_BOOTSTRAP_DAYS", "120")
    monkeypatch.setenv("CARTON_USERS", "60")
    world = decide_world(date(2026, 3, 1), tmp_path)
    assert world == World(epoch=date(2025, 11, 1), start_date=date(2026, 3, 1), users=60, bootstrapped=False)
    assert world.bootstrap_end == date(2026, 2, 28)
    assert (world.bootstrap_end - world.epoch).days + 1 == 120


def test_a_later_start_finds_the_same_world(tmp_path: Path):
    places = Places(Paths(tmp_path / "data"))
    assert load_world(places) is None
    world = World(date(2026, 1, 1), date(2026, 2, 1), users=7, bootstrapped=True)
    save_world(places, world)
    assert load_world(places) == world


def test_a_damaged_world_says_what_it_should_hold(tmp_path: Path):
    places = Places(Paths(tmp_path))
    places.world.write_text('{"epoch": "yesterday"}')
    with pytest.raises(CartonCapsError, match="should hold epoch, start_date, users and bootstrapped"):
        load_world(places)


def test_a_number_of_days_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_BOOTSTRAP_DAYS", "0")
    with pytest.raises(CartonCapsError, match="CARTON_BOOTSTRAP_DAYS"):
        decide_world(date(2026, 3, 1), tmp_path)


class TestWhereRealFilesLand:
    @pytest.fixture(autouse=True)
    def source(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("CARTON_SOURCE", "landing")
        monkeypatch.delenv("CARTON_START_DATE", raising=False)

    @pytest.fixture
    def landing(self, tmp_path: Path) -> Path:
        marks = tmp_path / "landing" / "_SUCCESS"
        marks.mkdir(parents=True)
        for day in ("2026-02-03", "2026-02-05"):
            (marks / f"ds={day}").touch()
        return marks.parent

    def test_the_history_is_what_has_landed_and_the_scheduler_owns_the_days_after_it(self, landing: Path):
        world = decide_world(date(2026, 3, 1), landing)
        assert (world.epoch, world.bootstrap_end, world.source) == (date(2026, 2, 3), date(2026, 2, 5), "landing")

    def test_a_first_scheduled_day_that_somebody_sets_holds(self, landing: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("CARTON_START_DATE", "2026-03-02")
        assert decide_world(date(2026, 3, 1), landing).start_date == date(2026, 3, 2)
        monkeypatch.setenv("CARTON_START_DATE", "soon")
        with pytest.raises(CartonCapsError, match="CARTON_START_DATE is 'soon': give a day, such as 2026-02-06"):
            decide_world(date(2026, 3, 1), landing)

    def test_where_nothing_has_landed_the_first_day_is_today_and_no_history_is_built(self, tmp_path: Path):
        places = Places(Paths(tmp_path))
        world = decide_world(date(2026, 3, 1), places.paths.landing)
        assert world.start_date == date(2026, 3, 1)
        told: list[str] = []
        bootstrap(places, world, {}, told.append)  # an empty environment: a process would not start
        assert told == ["First start: nothing has landed before 2026-03-01, so there is no history to build"]
        assert load_world(places) == replace(world, bootstrapped=True)

    def test_nothing_is_simulated_between_real_days(self, tmp_path: Path):
        with pytest.raises(CartonCapsError, match="real files land here, so nothing is simulated"):
            generate(date(2026, 3, 1), date(2026, 3, 1), Paths(tmp_path))
        assert list(tmp_path.iterdir()) == []

    def test_the_simulators_own_command_asks_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ):
        monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
        assert simulator(["--start", "2026-03-01", "--end", "2026-03-01"]) == 1
        assert "nothing is simulated" in capsys.readouterr().err
        assert list(tmp_path.iterdir()) == []


def test_a_root_without_a_word_about_its_source_is_a_simulated_one(tmp_path: Path):
    places = Places(Paths(tmp_path))
    save_world(places, World(date(2026, 1, 1), date(2026, 2, 1), users=7))
    known = json.loads(places.world.read_text())
    del known["source"]
    places.world.write_text(json.dumps(known))
    assert load_world(places) == World(date(2026, 1, 1), date(2026, 2, 1), users=7, source="simulator")


def test_a_root_that_began_simulated_takes_no_real_files_and_says_where_they_may_go(monkeypatch: pytest.MonkeyPatch):
    world = World(date(2026, 1, 1), date(2026, 2, 1), users=7)
    monkeypatch.delenv("CARTON_SOURCE", raising=False)
    refuse_another_source(world)
    monkeypatch.setenv("CARTON_SOURCE", "simulator")
    refuse_another_source(world)
    monkeypatch.setenv("CARTON_SOURCE", "landing")
    with pytest.raises(
        CartonCapsError, match=r"this data root began with simulator.*another folder in CARTON_DATA_DIR"
    ):
        refuse_another_source(world)


def test_an_unknown_source_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_SOURCE", "both")
    with pytest.raises(CartonCapsError, match="CARTON_SOURCE is 'both'"):
        decide_world(date(2026, 3, 1), tmp_path)
