"""One task per dbt model, seed and snapshot that shows what the one ``dbt build`` did to it, tests included.

Cosmos' own tasks run dbt when they start or are cleared: several writers at once on a database that takes one. These
never do. To run dbt again, clear the build task: the whole build is safe to repeat.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dags.shared.settings import MIRROR_POOL

VERDICTS_KEY = "verdicts"  # XCom of the build task: see include.build_failures.verdicts
GOOD = ("success", "pass", "warn")


class DbtNodeMirror(BaseOperator):
    """Repeats the result of the dbt node named like the task, from an XCom of the build task; reads nothing else."""

    template_fields = ()

    def __init__(self, *, build_task_id: str, **options: Any) -> None:
        # No callback for the mail: the build task leaves the reason.
        super().__init__(pool=MIRROR_POOL, retries=0, on_failure_callback=None, **options)
        self.build_task_id = build_task_id

    def execute(self, context: Context) -> None:
        """Succeed, fail or be skipped as dbt's node was.

        Raises AirflowFailException with dbt's message, AirflowSkipException when the build never got to the node.
        """
        node = self.task_id.rpartition(".")[2]
        verdicts = context["ti"].xcom_pull(task_ids=self.build_task_id, key=VERDICTS_KEY) or {}
        verdict = verdicts.get(node)
        if verdict is None or verdict["status"] == "skipped":
            raise AirflowSkipException(
                f"The build did not get to {node}; the log of {self.build_task_id} has the reason."
            )
        self.log.info("%s: %s %s", node, verdict["status"], verdict["message"])
        if verdict["status"] not in GOOD:
            raise AirflowFailException(f"dbt says {verdict['status']} for {node}: {verdict['message']}")
        if failed := verdict["failed_tests"]:
            raise AirflowFailException(
                f"{node} was built, but failed its test {', '.join(failed)}; the log of {self.build_task_id} says "
                "more. Nothing of this build is published."
            )
