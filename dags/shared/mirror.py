"""One task per dbt model, seed and snapshot that shows what the one ``dbt build`` did to it, tests included.

Cosmos' own tasks run dbt when they start or are cleared: several writers at once on a database that takes one. These
never do. To run dbt again, clear the build task: the whole build is safe to repeat.

A mirror has nothing to do but to read, so it gets no process: the scheduler hands it to the triggerer, where all of
them run in one event loop and end as soon as they have read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from airflow.sdk import BaseOperator, TriggerRule
from airflow.sdk.definitions.param import ParamsDict
from airflow.triggers.base import (
    BaseTrigger,
    StartTriggerArgs,
    TaskFailedEvent,
    TaskSkippedEvent,
    TaskSuccessEvent,
    TriggerEvent,
)

VERDICTS_KEY = "verdicts"  # XCom of the build task: see include.build_failures.verdicts
GOOD = ("success", "pass", "warn")


class DbtNodeMirror(BaseOperator):
    """Repeats the result of the dbt node named like the task, from an XCom of the build task; reads nothing else."""

    template_fields = ()
    start_from_trigger = True

    def __init__(self, *, build_task_id: str, **options: Any) -> None:
        super().__init__(
            retries=0,
            on_failure_callback=None,  # the mail: the build task leaves the reason
            execution_timeout=None,  # without a triggerer they wait for one; the day is published meanwhile
            # Every mirror knows its own verdict once the build has ended, and the graph is twenty models deep: with
            # "all done" each level would wait for the one above it.
            trigger_rule=TriggerRule.ONE_DONE,
            **options,
        )
        # The triggerer takes a DAG's parameters and then a task's copy of them, and dies of a required one in the copy,
        # with every other trigger (Airflow 3.3.2). A mirror needs none.
        self.params = ParamsDict()
        self.start_trigger_args = StartTriggerArgs(
            trigger_cls=f"{Verdict.__module__}.{Verdict.__name__}",
            trigger_kwargs={"node": self.task_id.rpartition(".")[2], "build_task_id": build_task_id},
            next_method="execute",  # never called: each event of the trigger ends the task
        )


class Verdict(BaseTrigger):
    """Ends the mirror of ``node`` as dbt's node ended: succeeded, failed, or skipped if the build never got there."""

    def __init__(self, node: str, build_task_id: str) -> None:
        super().__init__()
        self.node, self.build_task_id = node, build_task_id

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """The class and the arguments to make another one like this."""
        return f"{type(self).__module__}.{type(self).__name__}", {
            "node": self.node,
            "build_task_id": self.build_task_id,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """One event; the log says why."""
        mirror: Any = self.task_instance
        verdicts = await mirror.axcom_pull(
            task_ids=self.build_task_id,
            key=VERDICTS_KEY,
            map_indexes=-1,  # of one task that is not mapped; the triggerer answers no other question
        )
        yield self.event((verdicts or {}).get(self.node))

    def event(self, verdict: dict[str, Any] | None) -> TriggerEvent:
        """``verdict`` is what the build left about the node, None when it left nothing."""
        if verdict is None or verdict["status"] == "skipped":
            self.log.info("The build did not get to %s; the log of %s has the reason.", self.node, self.build_task_id)
            return TaskSkippedEvent()
        if verdict["status"] not in GOOD:
            self.log.error("dbt says %s for %s: %s", verdict["status"], self.node, verdict["message"])
            return TaskFailedEvent()
        self.log.info("%s: %s %s", self.node, verdict["status"], verdict["message"])
        if failed := verdict["failed_tests"]:
            self.log.error(
                "%s was built, but failed its test %s; the log of %s says more. Nothing of this build is published.",
                self.node, ", ".join(failed), self.build_task_id,
            )  # fmt: skip
            return TaskFailedEvent()
        return TaskSuccessEvent()
