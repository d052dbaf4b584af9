"""The DAG folder, parsed once in a process of its own: nothing of this one is loaded, no other Airflow is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from embedded.manifest import ensure_manifest
from include.settings import PROJECT_ROOT

DESCRIBE = """
import json, os, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
print("RESULT" + json.dumps({
    "errors": {file: text for file, text in bag.import_errors.items()},
    "loaded": sorted(name for name in ("pandas", "duckdb", "dash", "numpy", "dbt") if name in sys.modules),
    "dags": {dag.dag_id: {
        "doc": dag.doc_md, "max_active_runs": dag.max_active_runs, "max_active_tasks": dag.max_active_tasks,
        "dagrun_timeout": dag.dagrun_timeout and dag.dagrun_timeout.total_seconds(),
        "catchup": dag.catchup, "params": list(dag.params),
        "start_date": dag.start_date and dag.start_date.isoformat(), "mails_failure": bool(dag.on_failure_callback),
        "deadlines": [
            [type(alert.reference).__name__, alert.interval.total_seconds(), alert.callback.path]
            for alert in dag.deadline or []
        ],
        "tasks": {task.task_id: {
            "type": task.task_type, "pool": task.pool, "queue": task.queue, "retries": task.retries,
            "upstream": sorted(task.upstream_task_ids), "outlets": [outlet.name for outlet in task.outlets],
        } for task in dag.tasks},
    } for dag in bag.dags.values()},
}))
"""


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Airflow makes of the DAG folder: errors, modules that parsing loaded, and every DAG with its tasks."""
    home = tmp_path_factory.mktemp("airflow")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW_", "CARTON_"))} | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        # No database at this address: parsing must not need one.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql+psycopg2://nobody@127.0.0.1:1/none",
        "AIRFLOW__COSMOS__CACHE_DIR": str(home / "cosmos"),
        "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
        "DO_NOT_TRACK": "1",
        "PYTHONPATH": str(PROJECT_ROOT),
        "CARTON_DATA_DIR": str(home / "data"),
        "CARTON_START_DATE": "2026-03-02",
    }
    ensure_manifest(env)
    run = subprocess.run(
        [sys.executable, "-c", DESCRIBE], env=env, cwd=home, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout.rpartition("RESULT")[2])
