"""What a simulated world depends on, and nothing else: equal configurations give equal files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml

from include.errors import CartonCapsError
from include.settings_list import default

FileFormat = Literal["csv", "parquet"]
RATES = ("late_rate", "very_late_rate", "redelivery_rate", "correction_rate", "malformed_rate")
INCIDENT_KINDS = (
    "half_volume",
    "doubled_feed",
    "doubled_file",
    "missing_day",
    "broken_release",
    "lost_attribution",
    "award_stop",
)
SCHEME_KINDS = (
    "self_referral_device",
    "self_referral_email",
    "self_referral_payment",
    "device_farm",
    "minimum_effort_ring",
    "velocity_burst",
    "circular",
)
MOST_ACCOUNTS = 1000
CONFIG_FILE_VARIABLE = "CARTON_SIMULATION"


class ConfigurationError(CartonCapsError):
    """A setting of the simulator that cannot be used; the message names the setting and the values it takes."""


@dataclass(frozen=True)
class SimulationConfig:
    """One simulated world. Rates are shares of rows or of people's days, between 0 and 1.

    ``users`` is the number of accounts about 120 days after ``epoch``; growth goes on at that pace. ``epoch`` is the
    first day with data; None stands for the epoch that the landing folder was begun with, else 1 January of the first
    day asked for (see ``include.generator.simulate.resolve_epoch``). ``incidents`` names the kinds that happen (see
    ``include.generator.incidents``), ``bonus_changes_after_days`` counts from the epoch; 0 leaves the bonus as it is.
    ``compounding_school_factor`` is how many times the invitations of others the people of one school send, while it
    has room to grow; 1 plants no such school. ``scheme_shares`` and ``scheme_accounts`` replace the sizes of kinds of
    abuse (see ``include.generator.schemes``): the share of sign-ups who play it, and the fewest and most accounts that
    a player makes up. Both are given as mappings or pairs and kept as pairs.
    """

    users: int = int(default("CARTON_USERS"))
    seed: int = int(default("CARTON_SEED"))
    epoch: date | None = None
    file_format: FileFormat = "csv"
    late_rate: float = 0.045  # one to seven days after it happened: healed by the daily run
    very_late_rate: float = 0.005  # eight to twenty days: beyond the window
    redelivery_rate: float = 0.003
    correction_rate: float = 0.03  # people whose record is corrected once
    malformed_rate: float = 0.001  # far below the 5 % at which a delivery stops the run
    incidents: tuple[str, ...] = INCIDENT_KINDS
    bonus_changes_after_days: int = 75
    compounding_school_factor: float = 9.0
    scheme_shares: tuple[tuple[str, float], ...] = ()
    scheme_accounts: tuple[tuple[str, tuple[int, int]], ...] = ()

    def __post_init__(self) -> None:
        if self.users < 1:
            raise ConfigurationError(f"users is {self.users}: a world needs at least 1. Set --users or CARTON_USERS.")
        if self.seed < 0:
            raise ConfigurationError(f"seed is {self.seed}: give a whole number from 0. Set --seed or CARTON_SEED.")
        if self.file_format not in ("csv", "parquet"):
            raise ConfigurationError(
                f"format is {self.file_format!r}: choose csv or parquet. Set --format or CARTON_FORMAT."
            )
        for name in RATES:
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigurationError(f"{name} is {getattr(self, name)}: a rate lies between 0 and 1.")
        if self.late_rate + self.very_late_rate + self.redelivery_rate > 1:
            raise ConfigurationError(
                "late_rate, very_late_rate and redelivery_rate add up to more than 1: lower one of them."
            )
        unknown = [kind for kind in self.incidents if kind not in INCIDENT_KINDS]
        if unknown:
            raise ConfigurationError(
                f"incidents names {unknown[0]!r}: choose from {', '.join(INCIDENT_KINDS)}, or all, or none."
            )
        # One spelling for one world: order and repetition mean nothing.
        object.__setattr__(self, "incidents", tuple(kind for kind in INCIDENT_KINDS if kind in self.incidents))
        if self.bonus_changes_after_days < 0:
            raise ConfigurationError(
                f"bonus_changes_after_days is {self.bonus_changes_after_days}: give days after the epoch, "
                "or 0 for a bonus that never changes."
            )
        if not 1 <= self.compounding_school_factor <= 20:
            raise ConfigurationError(
                f"compounding_school_factor is {self.compounding_school_factor}: give a factor from 1, "
                "which plants no such school, to 20."
            )
        self._settle_schemes()

    def _settle_schemes(self) -> None:
        """Check the sizes of abuse and keep them in one order, so that equal sizes are equal configurations."""
        for name in ("scheme_shares", "scheme_accounts"):
            given = dict(getattr(self, name))
            if unknown := [kind for kind in given if kind not in SCHEME_KINDS]:
                raise ConfigurationError(f"{name} names {unknown[0]!r}: choose from {', '.join(SCHEME_KINDS)}.")
            for kind, size in given.items():
                if name == "scheme_accounts":
                    given[kind] = size = tuple(size)
                    if len(size) != 2 or not 1 <= size[0] <= size[1] <= MOST_ACCOUNTS:
                        raise ConfigurationError(
                            f"scheme_accounts of {kind} is {list(size)}: give the fewest and most accounts per player, "
                            f"from 1 to {MOST_ACCOUNTS}, like [5, 12]."
                        )
                elif not 0 <= size <= 0.1:
                    raise ConfigurationError(
                        f"scheme_shares of {kind} is {size}: a share of all sign-ups, from 0 to 0.1."
                    )
            object.__setattr__(self, name, tuple((kind, given[kind]) for kind in SCHEME_KINDS if kind in given))

    def at_epoch(self, epoch: date) -> SimulationConfig:
        """The same world, begun on that day."""
        return replace(self, epoch=epoch)


def incident_kinds(text: str) -> tuple[str, ...]:
    """``all``, ``none``, or kinds separated by commas; whether they exist is checked by SimulationConfig."""
    if text == "all":
        return INCIDENT_KINDS
    return () if text == "none" else tuple(kind.strip() for kind in text.split(","))


def scheme_share(text: str) -> tuple[str, float]:
    """``KIND=SHARE`` of the command line; raises ValueError."""
    kind, share = text.split("=")
    return kind, float(share)


def scheme_accounts(text: str) -> tuple[str, tuple[int, int]]:
    """``KIND=FEWEST-MOST`` of the command line; raises ValueError."""
    kind, sizes = text.split("=")
    fewest, most = sizes.split("-")
    return kind, (int(fewest), int(most))


def config_from_env(environment: Mapping[str, str] | None = None, file: Path | None = None) -> SimulationConfig:
    """The world that ``file`` (else CARTON_SIMULATION) describes, overruled by CARTON_USERS, _SEED, _EPOCH, _FORMAT.

    What is set nowhere keeps its default. Raises ConfigurationError naming the variable or the line that cannot be
    read.
    """
    variables = os.environ if environment is None else environment
    read = {
        "users": ("CARTON_USERS", int, "a whole number, like 2000"),
        "seed": ("CARTON_SEED", int, "a whole number, like 7"),
        "epoch": ("CARTON_EPOCH", date.fromisoformat, "a day, like 2026-01-01"),
        "file_format": ("CARTON_FORMAT", str, "csv or parquet"),
    }
    named = variables.get(CONFIG_FILE_VARIABLE, "")
    file = file or (Path(named) if named else None)
    settings = settings_of_file(file) if file else {}
    for field, (variable, parse, expected) in read.items():
        text = variables.get(variable, "")
        if not text:
            continue
        try:
            settings[field] = parse(text)  # type: ignore[operator]
        except ValueError as error:
            raise ConfigurationError(f"{variable} is {text!r}: expected {expected}.") from error
    return SimulationConfig(**settings)


def settings_of_file(file: Path) -> dict[str, Any]:
    """The fields of SimulationConfig that a YAML file sets; ``format`` stands for ``file_format``.

    Raises ConfigurationError for a file that cannot be read, an unknown name, or a value of the wrong type.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"{file.name} cannot be read ({error}): give --config or {CONFIG_FILE_VARIABLE} a YAML file."
        ) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigurationError(f"{file.name} holds no settings: write one `name: value` per line, like `users: 500`.")
    types = {field.name: str(field.type) for field in fields(SimulationConfig)}
    settings: dict[str, Any] = {}
    for given, value in content.items():
        name = "file_format" if given == "format" else given
        if name not in types:
            known = ", ".join("format" if name == "file_format" else name for name in types)
            raise ConfigurationError(f"{file.name} sets {given!r}, which is no setting: choose from {known}.")
        settings[name] = _value(file, name, types[name], value)
    return settings


def _value(file: Path, name: str, kind: str, value: Any) -> Any:
    """The value as SimulationConfig takes it; YAML has read numbers and days already."""
    if name == "incidents":
        if isinstance(value, str):
            return incident_kinds(value)
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
        expected = "all, none or a list of kinds"
    elif name == "scheme_shares":
        if isinstance(value, dict) and all(type(share) in (int, float) for share in value.values()):
            return tuple((str(kind), float(share)) for kind, share in value.items())
        expected = "shares by kind, like {device_farm: 0.01}"
    elif name == "scheme_accounts":
        if isinstance(value, dict) and all(
            isinstance(sizes, list) and all(type(size) is int for size in sizes) for sizes in value.values()
        ):
            return tuple((str(kind), tuple(sizes)) for kind, sizes in value.items())
        expected = "fewest and most accounts by kind, like {device_farm: [5, 12]}"
    elif name == "epoch":
        if type(value) is date:
            return value
        expected = "a day, like 2026-01-01"
    elif kind == "int":
        if type(value) is int:
            return value
        expected = "a whole number"
    elif kind == "float":
        if type(value) in (int, float):
            return float(value)
        expected = "a number" if name not in RATES else "a rate between 0 and 1"
    else:
        if isinstance(value, str):
            return value
        expected = "csv or parquet"
    raise ConfigurationError(f"{file.name} sets {name} to {value!r}: expected {expected}.")
