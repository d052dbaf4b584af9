"""One task per dbt model, seed and snapshot that shows what the one ``dbt build`` did to it, tests included.

Cosmos' own watcher tasks run dbt themselves when they are cleared or find no result: several writers at once on a
database that takes one. These never do. To run dbt again, clear the build task: the whole build is safe to repeat.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

FAILED_TESTS_KEY = "failed_tests"  # XCom of a failed build task: the names of the failed tests by unique_id
GOOD = ("success", "pass", "warn")


class DbtNodeMirror(BaseOperator):
    """Repeats the result of one dbt node from the build task's XComs; reads nothing else."""

    template_fields = ()

    def __init__(self, *, unique_id: str, producer_task_id: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.unique_id = unique_id
        self.producer_task_id = producer_task_id  # Cosmos fills it in: the build task's full id

    def execute(self, context: Context) -> None:
        """Succeed, fail or be skipped as dbt's node was.

        Raises AirflowFailException with dbt's message, AirflowSkipException when the build never got to the node.
        """
        status, event = (self._reported(context, suffix) for suffix in ("status", "dbt_event"))
        if status is None:
            raise AirflowSkipException(
                f"The build did not get to {self.unique_id}; the log of {self.producer_task_id} has the reason."
            )
        result = status["status"] if isinstance(status, dict) else status
        message = (event or {}).get("msg") or ""
        self.log.info("%s: %s %s", self.unique_id, result, message)
        if result not in GOOD:
            raise AirflowFailException(f"dbt says {result} for {self.unique_id}: {message}")
        if failed := (self._pull(context, FAILED_TESTS_KEY) or {}).get(self.unique_id):
            raise AirflowFailException(
                f"{self.unique_id} was built, but failed its test {', '.join(failed)}; the log of "
                f"{self.producer_task_id} says more. Nothing of this build is published."
            )

    def _reported(self, context: Context, suffix: str) -> Any:
        return self._pull(context, f"{self.unique_id.replace('.', '__')}_{suffix}")

    def _pull(self, context: Context, key: str) -> Any:
        return context["ti"].xcom_pull(task_ids=self.producer_task_id, key=key)


def mirror_of(*, dag: Any, task_group: Any, task_args: dict[str, Any], node: Any, **_: Any) -> DbtNodeMirror:
    """Cosmos' node converter: a mirror in place of Cosmos' task for this node."""
    return DbtNodeMirror(
        dag=dag,
        task_group=task_group,
        task_id=node.name,
        unique_id=node.unique_id,
        pool=task_args["mirror_pool"],
        retries=0,
        on_failure_callback=None,  # the build task leaves the reason for the mail
    )


def build_again(context: Context) -> None:
    """``pre_execute`` of the build task: let a cleared build run.

    Cosmos skips every try but the first, because its own watcher tasks would then be running dbt too. Mirrors do not.
    """
    context["ti"].try_number = 1
