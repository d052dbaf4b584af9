"""What Airflow is told in every installation; each adds its own database, executor, log-in and addresses."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.keys import Keys
from include.settings import PROJECT_ROOT, Paths

# Each was measured on 2 cores, when a day of 28 models took 41 s, 20 of them dbt's.
SCHEDULER_LOOP = {
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",  # 1 s by default, paid between any two tasks
    # A third of the finished tasks kept their worker until the next heartbeat, 5 s by default.
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",  # parsing four DAGs costs seconds of a core each time
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",  # a killed task is seen after a minute, not after five
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "60",  # so is one that a restart of the machine lost
}

NO_TELEMETRY = {
    "DO_NOT_TRACK": "1",
    "SCARF_ANALYTICS": "false",
    "SCARF_NO_ANALYTICS": "true",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
}


def shared_env(
    caller: Mapping[str, str], airflow_home: Path, paths: Paths, keys: Keys, database_uri: str
) -> dict[str, str]:
    """The caller's environment with, on top of it, what Airflow's servers, tasks and dbt need in any installation.

    ``database_uri`` is the SQLAlchemy address of Airflow's metadata.
    Of the caller's environment nothing named ``AIRFLOW_*`` survives: another Airflow's settings must not leak in.
    """
    own = {name: value for name, value in caller.items() if not name.startswith("AIRFLOW_")}
    return own | NO_TELEMETRY | SCHEDULER_LOOP | {
        "PYTHONPATH": str(PROJECT_ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{caller.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "TZ": "UTC",
        "CARTON_DATA_DIR": str(paths.root),
        "AIRFLOW_HOME": str(airflow_home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "utc",
        "AIRFLOW__CORE__FERNET_KEY": keys.fernet_key,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database_uri,
        "CARTON_METADATA_URI": database_uri,  # tasks are kept from the one above; house-keeping asks for this one
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": keys.api_secret_key,
        "AIRFLOW__API__EXPOSE_CONFIG": "False",
        "AIRFLOW__API_AUTH__JWT_SECRET": keys.jwt_secret,
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(airflow_home / "logs"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__COSMOS__CACHE_DIR": str(airflow_home / "cosmos"),
    }  # fmt: skip
