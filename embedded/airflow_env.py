"""The complete environment in which Airflow, dbt and Dash run here; the same for ``make run`` and for the tests."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.airflow_settings import shared_env
from deploy.keys import Keys, new_keys
from embedded.places import HOST, Places, Ports
from embedded.world import World
from include.settings import PROJECT_ROOT

ADMIN = "admin"


@dataclass(frozen=True)
class Secrets(Keys):
    """Keys and log-in, generated once for one installation."""

    admin_password: str


def installation_secrets(places: Places) -> Secrets:
    """The keys of this installation, generated at the first call. Also writes the log-in file that Airflow reads.

    Both files have mode 0600 before anything is in them: Airflow itself would make the password file readable for all.
    """
    places.airflow_home.mkdir(parents=True, exist_ok=True)
    if not places.secrets.exists():
        generated = Secrets(**vars(new_keys()), admin_password=secrets.token_urlsafe(12))
        _write_private(places.secrets, json.dumps(asdict(generated)))
    known = Secrets(**json.loads(places.secrets.read_text()))
    if not places.passwords.exists():
        _write_private(places.passwords, json.dumps({ADMIN: known.admin_password}))
    return known


def airflow_env(
    places: Places,
    ports: Ports,
    database_uri: str,
    world: World,
    *,
    dags_folder: Path = PROJECT_ROOT / "dags",
    paused: bool = False,
) -> dict[str, str]:
    """Every variable that Airflow's servers, their tasks, dbt and Dash need, on top of the caller's own environment.

    ``paused`` creates DAGs paused, for tests that start runs themselves.
    """
    keys = installation_secrets(places)
    return shared_env(os.environ, places.airflow_home, places.paths, keys, database_uri) | {
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",  # more processes than this only fight for the cores of a small machine
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags_folder),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": str(paused),
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",  # name:role
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(places.passwords),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{ports.airflow}/execution/",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(ports.airflow),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{ports.airflow}",
        "CARTON_AIRFLOW_PORT": str(ports.airflow),
        "CARTON_DASH_PORT": str(ports.dash),
        "CARTON_SMTP_PORT": str(ports.smtp),
        "CARTON_START_DATE": world.start_date.isoformat(),
        "CARTON_EPOCH": world.epoch.isoformat(),
        "CARTON_USERS": str(world.users),
        "CARTON_SOURCE": world.source,
    }  # fmt: skip


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
