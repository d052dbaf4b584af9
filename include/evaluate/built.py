"""Simulated worlds, loaded and built, shared by the evaluations of one run."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from include.build import plan, run_dbt
from include.evaluate.worlds import EPOCHS
from include.generator.config import SimulationConfig
from include.generator.simulate import write_days
from include.ingest.load import load_days
from include.settings import Paths

TUNED_ON = (1, 2, 3, 4, 5)
REPORTED_ON = (101, 102, 103, 104, 105)
DAYS = 180
DEFAULT_USERS = SimulationConfig().users


def worlds_folder(paths: Paths) -> Path:
    """Where the worlds of this run stand; removed by `evaluate` before and after."""
    return paths.root / "evaluate" / "worlds"


def built_world(seed: int, paths: Paths, users: int = DEFAULT_USERS, days: int = DAYS) -> Paths:
    """The data root of the world of that seed, as after one bulk run of all its days; made once per run.

    Worlds begin at different times of the year (``EPOCHS``). Its truth stands in ``.truth``, gold in ``.warehouse``.
    """
    world = Paths(worlds_folder(paths) / f"seed-{seed}-{users}x{days}")
    done = world.root / "built"
    if not done.exists():
        first = EPOCHS[(seed - 1) % len(EPOCHS)]
        last = first + timedelta(days=days - 1)
        write_days(first, last, SimulationConfig(users=users, seed=seed, epoch=first, file_format="parquet"), world)
        load_days(first, last, world)
        run_dbt(plan(first, last, "run", world), world)
        done.touch()
    return world
