"""The complete environment in which Airflow, dbt and Dash run here; the same for ``make run`` and for the tests."""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from embedded.places import HOST, Places, Ports
from embedded.world import World
from include.settings import PROJECT_ROOT

ADMIN = "admin"

# Measured on 2 cores with 28 models and 43 tests: a day's run takes 41 s, 20 of them dbt's, 14 the mirrors'.
SCHEDULER_LOOP = {
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",  # 1 s by default, paid between any two tasks
    # A third of the finished tasks kept their worker until the next heartbeat, 5 s by default.
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "AIRFLOW__CORE__PARALLELISM": "4",  # more processes than this only fight for the cores of a small machine
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",  # parsing four DAGs costs seconds of a core each time
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",  # a killed task is seen after a minute, not after five
}

NO_TELEMETRY = {
    "DO_NOT_TRACK": "1",
    "SCARF_ANALYTICS": "false",
    "SCARF_NO_ANALYTICS": "true",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
}


@dataclass(frozen=True)
class Secrets:
    """Keys generated once for one installation."""

    fernet_key: str
    jwt_secret: str
    api_secret_key: str
    admin_password: str


def installation_secrets(places: Places) -> Secrets:
    """The keys of this installation, generated at the first call. Also writes the log-in file that Airflow reads.

    Both files have mode 0600 before anything is in them: Airflow itself would make the password file readable for all.
    """
    places.airflow_home.mkdir(parents=True, exist_ok=True)
    if not places.secrets.exists():
        generated = {
            "fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "jwt_secret": secrets.token_urlsafe(48),
            "api_secret_key": secrets.token_urlsafe(48),
            "admin_password": secrets.token_urlsafe(12),
        }
        _write_private(places.secrets, json.dumps(generated))
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

    Of the caller's environment nothing named ``AIRFLOW__*`` or ``AIRFLOW_*`` survives: another Airflow's settings
    must not leak in. ``paused`` creates DAGs paused, for tests that start runs themselves.
    """
    keys = installation_secrets(places)
    own = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
    return own | NO_TELEMETRY | SCHEDULER_LOOP | _ours(places, ports, world) | {
        "AIRFLOW_HOME": str(places.airflow_home),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags_folder),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "utc",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": str(paused),
        "AIRFLOW__CORE__FERNET_KEY": keys.fernet_key,
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",  # name:role
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(places.passwords),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{ports.airflow}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database_uri,
        "CARTON_METADATA_URI": database_uri,  # tasks are kept from the one above; house-keeping asks for this one
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(ports.airflow),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{ports.airflow}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": keys.api_secret_key,
        "AIRFLOW__API__EXPOSE_CONFIG": "False",
        "AIRFLOW__API_AUTH__JWT_SECRET": keys.jwt_secret,
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(places.airflow_home / "logs"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__COSMOS__CACHE_DIR": str(places.airflow_home / "cosmos"),
        # A cleared producer builds again here (dags/shared/mirror.py), so its results need no copy in Variables.
        "AIRFLOW__COSMOS__ENABLE_WATCHER_RELIABLE_RETRY": "False",
    }  # fmt: skip


def _ours(places: Places, ports: Ports, world: World) -> dict[str, str]:
    return {
        "PYTHONPATH": str(PROJECT_ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "TZ": "UTC",
        "CARTON_DATA_DIR": str(places.paths.root),
        "CARTON_WAREHOUSE_FILE": str(places.paths.warehouse),
        "CARTON_AIRFLOW_PORT": str(ports.airflow),
        "CARTON_DASH_PORT": str(ports.dash),
        "CARTON_SMTP_PORT": str(ports.smtp),
        "CARTON_START_DATE": world.start_date.isoformat(),
        "CARTON_EPOCH": world.epoch.isoformat(),
        "CARTON_USERS": str(world.users),
    }


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
