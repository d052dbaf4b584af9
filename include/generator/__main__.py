"""The simulator's command line: ``python -m include.generator --help``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from include.errors import CartonCapsError
from include.generator.config import (
    CONFIG_FILE_VARIABLE,
    INCIDENT_KINDS,
    RATES,
    SCHEME_KINDS,
    SimulationConfig,
    config_from_env,
    incident_kinds,
    scheme_accounts,
    scheme_share,
)
from include.settings import data_dir
from include.settings_list import default

EXPORT = "export-csv"
SIZES = ("compounding_school_factor", "scheme_shares", "scheme_accounts")
EXPORT_DAYS = 120
RATE_HELP = {
    "late_rate": "rows that land 1 to 7 days late",
    "very_late_rate": "rows that land 8 to 20 days late",
    "redelivery_rate": "rows that land twice",
    "correction_rate": "people whose record is corrected once",
    "malformed_rate": "extra rows that break their contract",
}


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code, 0 only when the files are complete."""
    try:
        if arguments[:1] == [EXPORT]:
            _export(arguments[1:])
        else:
            _simulate(arguments)
    except CartonCapsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _simulate(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m include.generator",
        description="Write the landing files of simulated days below CARTON_DATA_DIR.",
        epilog=f"Another command: {EXPORT} DIR writes bulk CSV files and a SQLite copy ({EXPORT} --help).",
    )
    parser.add_argument("--start", type=date.fromisoformat, required=True, help="first landing day, like 2026-01-01")
    parser.add_argument("--end", type=date.fromisoformat, required=True, help="last landing day, included")
    _add_world_options(parser)
    parser.add_argument("--format", choices=("csv", "parquet"), help="of the files (CARTON_FORMAT; default csv)")
    options = parser.parse_args(arguments)
    config = _config(options)
    if options.format:
        config = replace(config, file_format=options.format)

    from include.generator.landing import require_simulated
    from include.generator.simulate import write_days  # loads numpy and pyarrow: not for --help

    require_simulated()
    days = write_days(options.start, options.end, config, progress=_progress())
    print(f"{len(days)} landing days, {options.start} to {options.end}, in {os.path.relpath(data_dir().landing)}")


def _export(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog=f"python -m include.generator {EXPORT}",
        description="Write the seed's bulk files, schools.csv to events.csv, and a SQLite copy of them.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--start", type=date.fromisoformat, default=None, help="first day (default 2026-01-01)")
    parser.add_argument(
        "--end", type=date.fromisoformat, default=None, help="last day (default 119 days after --start)"
    )
    _add_world_options(parser)
    options = parser.parse_args(arguments)
    config = _config(options)
    start = options.start or config.epoch or date(2026, 1, 1)
    end = options.end or start + timedelta(days=EXPORT_DAYS - 1)

    from include.generator.export import export_csv

    rows = export_csv(options.folder, start, end, config)
    print(f"{start} to {end}: " + ", ".join(f"{count:,} {table}" for table, count in rows.items()))


def _add_world_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--users",
        type=int,
        help=f"accounts about 120 days after the epoch (CARTON_USERS; default {default('CARTON_USERS')})",
    )
    parser.add_argument("--seed", type=int, help="another seed is another world (CARTON_SEED)")
    parser.add_argument(
        "--epoch",
        type=date.fromisoformat,
        help="the day on which the world begins (CARTON_EPOCH; default: that of the days already there, "
        "else 1 January of the year of --start)",
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help=f"YAML with any of these settings ({CONFIG_FILE_VARIABLE})"
    )
    for name in RATES:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, metavar="SHARE", help=RATE_HELP[name])
    parser.add_argument(
        "--incidents", type=incident_kinds, metavar="KINDS", help=f"all, none, or some of {','.join(INCIDENT_KINDS)}"
    )
    parser.add_argument(
        "--bonus-changes-after-days", type=int, metavar="DAYS", help="days after the epoch (default 75; 0 is never)"
    )
    parser.add_argument(
        "--compounding-school-factor",
        type=float,
        metavar="FACTOR",
        help="invitations of the one school that outgrows the others (default 9; 1 plants none)",
    )
    parser.add_argument(
        "--scheme-shares",
        type=scheme_share,
        nargs="+",
        metavar="KIND=SHARE",
        help=f"share of sign-ups who play a kind of abuse; kinds are {', '.join(SCHEME_KINDS)}",
    )
    parser.add_argument(
        "--scheme-accounts",
        type=scheme_accounts,
        nargs="+",
        metavar="KIND=FEWEST-MOST",
        help="accounts that a player of a kind of abuse makes up, like device_farm=5-12",
    )


def _config(options: argparse.Namespace) -> SimulationConfig:
    names = ("users", "seed", "epoch", *RATES, "incidents", "bonus_changes_after_days", *SIZES)
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return replace(config_from_env(file=options.config), **given)


def _progress() -> Callable[[date], None] | None:
    """A line that counts the days on a terminal; silence in a log."""
    if not sys.stderr.isatty():
        return None
    return lambda day: print(f"\r{day}", end="\n" if day.day == 1 else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
