"""Landing files of simulated days. A day's files depend on the configuration and the day alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pyarrow as pa

from include.generator.config import ConfigurationError, SimulationConfig
from include.generator.deliveries import Deliveries
from include.generator.landing import (
    AGAIN_STEM,
    BASE_STEM,
    SIMULATOR,
    STEM,
    arrow_writer,
    complete_days,
    require_own,
    write_day,
)
from include.generator.seasons import day_number
from include.generator.truth import recorded_epoch, write_truth
from include.generator.world import World
from include.settings import Paths, data_dir


def resolve_epoch(config: SimulationConfig, start: date, paths: Paths) -> SimulationConfig:
    """The configuration with its epoch: the given one, else that of the world begun in this folder, else 1 January.

    1 January of the year of ``start`` makes the days of one year agree however they are asked for.
    """
    if config.epoch is not None:
        return config
    recorded = recorded_epoch(config, paths)
    if recorded and date.fromisoformat(recorded) <= start:
        return config.at_epoch(date.fromisoformat(recorded))
    return config.at_epoch(date(start.year, 1, 1))


def write_days(
    start: date,
    end: date,
    config: SimulationConfig,
    paths: Paths | None = None,
    progress: Callable[[date], None] | None = None,
) -> list[date]:
    """Write the landing files of ``start`` to ``end`` (both included) and the truth; returns the days written.

    A delivery that begins in the middle of a world, with nothing landed before, is preceded by a base delivery: the
    day before ``start`` holds schools, products and all users as of then, so that later rows refer to known ones.
    Raises ConfigurationError for days before the epoch, LandingDayTakenError where another source delivered.
    """
    paths = paths or data_dir()
    if end < start:
        raise ConfigurationError(f"--end {end} lies before --start {start}: swap them.")
    config = resolve_epoch(config, start, paths)
    assert config.epoch is not None
    if start < config.epoch:
        raise ConfigurationError(
            f"{start} lies before the epoch {config.epoch}, on which this world begins. "
            "Ask for a later --start, or begin an earlier world with --epoch (or CARTON_EPOCH)."
        )
    days = [start + timedelta(days=number) for number in range((end - start).days + 1)]
    for day in days:
        require_own(paths.landing, day, SIMULATOR)
    world = World(config)
    world.advance(day_number(end))
    deliveries = Deliveries(world)
    if start > config.epoch and not any(day < start for day in complete_days(paths.landing)):
        before = start - timedelta(days=1)
        base = deliveries.base(day_number(before))
        _write(before, base, BASE_STEM, config, paths, ())
    for day in days:
        number = day_number(day)
        _write(day, deliveries.day(number), STEM, config, paths, deliveries.files_again(number))
        if progress:
            progress(day)
    write_truth(world, day_number(end), paths)
    return days


def _write(
    day: date, tables: dict[str, pa.Table], stem: str, config: SimulationConfig, paths: Paths, again: tuple[str, ...]
) -> None:
    """A table without rows has no file that day."""
    writers = {name: arrow_writer(name, rows, config.file_format) for name, rows in tables.items() if rows.num_rows}
    copies = dict.fromkeys(again, f"{AGAIN_STEM}.{config.file_format}")
    write_day(day, writers, paths, SIMULATOR, f"{stem}.{config.file_format}", copies)
