from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from embedded.places import Places
from embedded.world import World, decide_world, load_world, save_world
from include.errors import CartonCapsError
from include.settings import Paths


def test_the_history_ends_the_day_before_the_scheduler_begins(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_BOOTSTRAP_DAYS", "120")
    monkeypatch.setenv("CARTON_USERS", "60")
    world = decide_world(date(2026, 3, 1))
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


def test_a_number_of_days_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_BOOTSTRAP_DAYS", "0")
    with pytest.raises(CartonCapsError, match="CARTON_BOOTSTRAP_DAYS"):
        decide_world(date(2026, 3, 1))
