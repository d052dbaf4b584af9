"""What every task that opens the warehouse has in common: one at a time, and none that outlives its supervisor."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Context

from dags.shared.settings import WRITES_WAREHOUSE


def end_with_supervisor(_: Context) -> None:
    """``pre_execute``: a task whose supervisor was killed would run on, unseen, and keep the warehouse locked."""
    from include.process import end_with_parent

    end_with_parent()


WRITER: dict[str, Any] = {**WRITES_WAREHOUSE, "pre_execute": end_with_supervisor}
