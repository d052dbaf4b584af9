"""Airflow's environment in a team's installation, made from the variables that docker-compose.yaml hands over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from deploy.airflow_settings import shared_env
from deploy.keys import Keys
from include.errors import CartonCapsError
from include.settings import PROJECT_ROOT, Paths

ADMIN = "admin"
DATABASE_NAME = DATABASE_USER = "airflow"


def team_env(given: Mapping[str, str]) -> dict[str, str]:
    """The complete environment of one service, on top of ``given``.

    Raises CartonCapsError naming the first variable that is missing.
    """
    keys = Keys(
        fernet_key=required(given, "CARTON_FERNET_KEY"),
        jwt_secret=required(given, "CARTON_JWT_SECRET"),
        api_secret_key=required(given, "CARTON_API_SECRET_KEY"),
    )
    required(given, "CARTON_START_DATE")  # the DAGs' own default would catch up from a day that nobody chose
    log_in = f"{DATABASE_USER}:{quote(required(given, 'CARTON_DATABASE_PASSWORD'), safe='')}"
    airflow_home, paths = Path(required(given, "AIRFLOW_HOME")), Paths(Path(required(given, "CARTON_DATA_DIR")))
    database_uri = f"postgresql+psycopg2://{log_in}@{required(given, 'CARTON_DATABASE')}/{DATABASE_NAME}"
    return shared_env(given, airflow_home, paths, keys) | {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        # A team decides which source it has before anything runs: docs/team_installation.md.
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{required(given, 'CARTON_API')}/execution/",
        # Celery keeps its results there too: the provider's default.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database_uri,
        "CARTON_METADATA_URI": database_uri,  # tasks are kept from the one above; house-keeping asks for this one
        "AIRFLOW__CELERY__BROKER_URL": broker_url(given),
        # Longer than any task may run (two hours): a task that is delivered again would run twice.
        "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "86400",
        "AIRFLOW__API__BASE_URL": required(given, "CARTON_AIRFLOW_URL"),
    }


def broker_url(given: Mapping[str, str]) -> str:
    """Where the scheduler leaves tasks and workers fetch them. Raises CartonCapsError when a variable is missing."""
    password = quote(required(given, "CARTON_BROKER_PASSWORD"), safe="")
    return f"redis://:{password}@{required(given, 'CARTON_BROKER')}/0"


def required(given: Mapping[str, str], name: str) -> str:
    """The value of a variable that must be set. Raises CartonCapsError with where it is set."""
    if value := given.get(name):
        return value
    raise CartonCapsError(
        f"{name} is not set. In a container docker-compose.yaml sets it, secrets from the file .env: "
        "docs/team_installation.md says how to make one."
    )
