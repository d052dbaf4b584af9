"""Simulated worlds with labelled incidents, and what was known about each of their days on the day itself."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from include.alerts.checks.files import missing_tables, tables_delivered_twice
from include.evaluate.scoring import FILE_MISSING, FILE_TWICE, Incident
from include.generator.config import SimulationConfig
from include.generator.simulate import write_days
from include.ingest.load import load_days
from include.settings import Paths
from include.warehouse import connect

#: Worlds begin at different times of the year, so that holidays, the summer and the start of school come at every age.
EPOCHS = (date(2025, 1, 1), date(2025, 3, 15), date(2025, 6, 1), date(2025, 8, 15), date(2025, 11, 1))
#: No method speaks before; no world has an incident before.
SILENT_DAYS = 28
HISTORY_DAYS = 42
#: The size of world that the simulator makes unless told otherwise.
DEFAULT_USERS = SimulationConfig().users

_KNOWN = Path(__file__).with_name("known_counts.sql")


@dataclass(frozen=True)
class World:
    """One world as its pipeline saw it, day by day.

    ``known`` has one row per day, metric and activity_date up to that day: columns world, day, metric, activity_date,
    actual, repeated, history_days. ``file_alarms`` has the columns world, day, metric.
    """

    name: str
    first_day: date
    last_day: date
    incidents: tuple[Incident, ...]
    known: pd.DataFrame
    file_alarms: pd.DataFrame

    @property
    def judged_days(self) -> int:
        """Days on which a method could have spoken."""
        return (self.last_day - self.first_day).days + 1


def make_world(seed: int, days: int, scratch: Path, users: int = DEFAULT_USERS) -> World:
    """Simulate ``days`` days of the world of that seed, load them, and look at each day as of its evening."""
    epoch = EPOCHS[(seed - 1) % len(EPOCHS)]
    config = SimulationConfig(users=users, seed=seed, epoch=epoch, file_format="parquet")
    first, last = epoch + timedelta(days=SILENT_DAYS), epoch + timedelta(days=days - 1)
    name = f"seed-{seed}"
    with tempfile.TemporaryDirectory(dir=scratch, prefix=name) as folder:
        paths = Paths(Path(folder))
        write_days(epoch, last, config, paths)
        load_days(epoch, last, paths)
        with connect(paths, read_only=True) as con:
            known = con.execute(
                _KNOWN.read_text("utf-8"), {"first": first, "last": last, "history_days": HISTORY_DAYS}
            ).df()
            file_alarms = [
                (name, day, prefix + table)
                for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
                for prefix, tables in (
                    (FILE_MISSING, missing_tables(con, day)),
                    (FILE_TWICE, tables_delivered_twice(con, day)),
                )
                for table in tables
            ]
        incidents = _incidents(name, paths.truth / "incidents.csv")
    known.insert(0, "world", name)
    for column in ("day", "activity_date"):
        known[column] = known[column].dt.date
    return World(name, first, last, incidents, known, pd.DataFrame(file_alarms, columns=["world", "day", "metric"]))


def _incidents(world: str, file: Path) -> tuple[Incident, ...]:
    with file.open(newline="", encoding="utf-8") as labels:
        return tuple(
            Incident(world, row["kind"], date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
            for row in csv.DictReader(labels)
        )
