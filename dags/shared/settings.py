"""Names and defaults that all DAGs share. Importing this costs nothing: it is read at every parse."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import Asset

from dags.shared.failure import mail_failure, note_failure
from include.settings_list import value

# DuckDB takes one writing process, and a reader blocks the writer: every task that opens the warehouse is in this pool.
WRITER_POOL = "warehouse_writer"
# In a team's installation the same tasks go to the one Celery worker that can reach it; LocalExecutor has no queues.
WRITER_QUEUE = "warehouse"
WRITES_WAREHOUSE: dict[str, Any] = {"pool": WRITER_POOL, "queue": WRITER_QUEUE}

GOLD_PUBLISHED = Asset(name="carton_caps_gold", uri="carton-caps://serving/gold")

# The first day that the scheduler owns; the days before it came with the bootstrap.
START_DATE = datetime.fromisoformat(f"{value('CARTON_START_DATE')}T00:00:00+00:00")

DAG_DEFAULTS: dict[str, Any] = {
    "owner": "data-platform",
    "retries": 1,  # a step is a transaction, so a second try is safe; what a rule refused stays refused
    "retry_delay": timedelta(seconds=30),
    "execution_timeout": timedelta(hours=2),
    "on_failure_callback": note_failure,
}

DAG_OPTIONS: dict[str, Any] = {
    "max_active_runs": 1,
    # A run that hangs, its mirrors waiting for a triggerer that is down, must fail and mail before the next day is due.
    "dagrun_timeout": timedelta(hours=20),
    "default_args": DAG_DEFAULTS,
    "on_failure_callback": mail_failure,
}
