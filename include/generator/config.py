"""What a simulated world depends on, and nothing else: equal configurations give equal files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from include.errors import CartonCapsError

FileFormat = Literal["csv", "parquet"]


class ConfigurationError(CartonCapsError):
    """A setting of the simulator that cannot be used; the message names the setting and the values it takes."""


@dataclass(frozen=True)
class SimulationConfig:
    """One simulated world. Rates are shares of rows or of people's days, between 0 and 1.

    ``users`` is the number of accounts about 120 days after ``epoch``; growth goes on at that pace. ``epoch`` is the
    first day with data; None stands for the epoch that the landing folder was begun with, else 1 January of the first
    day asked for (see ``include.generator.simulate.resolve_epoch``).
    """

    users: int = 2000
    seed: int = 20260101
    epoch: date | None = None
    file_format: FileFormat = "csv"
    late_rate: float = 0.045  # one to seven days after it happened: healed by the daily run
    very_late_rate: float = 0.005  # eight to twenty days: beyond the window
    redelivery_rate: float = 0.003
    correction_rate: float = 0.03  # people whose record is corrected once
    malformed_rate: float = 0.001  # far below the 5 % at which a delivery stops the run

    def __post_init__(self) -> None:
        if self.users < 1:
            raise ConfigurationError(f"users is {self.users}: a world needs at least 1. Set --users or CARTON_USERS.")
        if self.seed < 0:
            raise ConfigurationError(f"seed is {self.seed}: give a whole number from 0. Set --seed or CARTON_SEED.")
        if self.file_format not in ("csv", "parquet"):
            raise ConfigurationError(
                f"format is {self.file_format!r}: choose csv or parquet. Set --format or CARTON_FORMAT."
            )
        for name in ("late_rate", "very_late_rate", "redelivery_rate", "correction_rate", "malformed_rate"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigurationError(f"{name} is {getattr(self, name)}: a rate lies between 0 and 1.")
        if self.late_rate + self.very_late_rate + self.redelivery_rate > 1:
            raise ConfigurationError(
                "late_rate, very_late_rate and redelivery_rate add up to more than 1: lower one of them."
            )

    def at_epoch(self, epoch: date) -> SimulationConfig:
        """The same world, begun on that day."""
        return replace(self, epoch=epoch)


def config_from_env(environment: Mapping[str, str] | None = None) -> SimulationConfig:
    """The world that CARTON_USERS, CARTON_SEED, CARTON_EPOCH and CARTON_FORMAT describe; unset ones keep their default.

    Raises ConfigurationError naming the variable whose text cannot be read.
    """
    variables = os.environ if environment is None else environment
    read = {
        "users": ("CARTON_USERS", int, "a whole number, like 2000"),
        "seed": ("CARTON_SEED", int, "a whole number, like 7"),
        "epoch": ("CARTON_EPOCH", date.fromisoformat, "a day, like 2026-01-01"),
        "file_format": ("CARTON_FORMAT", str, "csv or parquet"),
    }
    settings: dict[str, object] = {}
    for field, (variable, parse, expected) in read.items():
        text = variables.get(variable, "")
        if not text:
            continue
        try:
            settings[field] = parse(text)  # type: ignore[operator]
        except ValueError as error:
            raise ConfigurationError(f"{variable} is {text!r}: expected {expected}.") from error
    return SimulationConfig(**settings)  # type: ignore[arg-type]
