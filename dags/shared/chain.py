"""Load, build, publish: the chain that the daily run and a reprocess share. The work is in ``include/``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from airflow.sdk import Context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dags.shared.build_group import BUILD_TASK_ID, PLAN_KEY, build_group
from dags.shared.settings import GOLD_PUBLISHED
from dags.shared.writer import WRITER
from include.build import REPROCESSING_WINDOW


@dataclass(frozen=True)
class Request:
    """What one run is asked to process: landing days ``start`` .. ``end``, both included."""

    start: date
    end: date
    mode: Literal["run", "reprocess"]
    full_refresh: bool = False
    accept: tuple[str, ...] = ()

    @property
    def first_landing_day(self) -> date:
        """A daily run also loads what is new or changed in the window before its day."""
        return self.start - REPROCESSING_WINDOW if self.mode == "run" else self.start


def require_duckdb() -> None:
    """The build task runs dbt for everything at once; Spark's part of a build would be a task of its own.

    Raises BuildError when the setting asks for another engine.
    """
    from include import build

    if build.engine() != "duckdb":
        raise build.BuildError(
            "The scheduler builds with DuckDB, and CARTON_ENGINE asks for another engine. Leave it empty here, or build"
            " without the scheduler: python -m include.pipeline run. docs/scale_out.md says what a DAG for it would be."
        )


def load_to_publish(request_of: Callable[[Context], Request]) -> Any:
    """Make the chain in the DAG being defined and return its first task.

    ``request_of`` is asked inside each task, so a cleared task sees the same request as the first time.
    """

    @task(**WRITER)
    def load(**context: Any) -> None:
        """Landing files of the days into the warehouse; stops when a delivery is too broken to publish."""
        from include import pipeline
        from include.settings import data_dir

        request = request_of(context)  # type: ignore[arg-type]
        pipeline.load(request.first_landing_day, request.end, data_dir(), accept=request.accept)

    def plan(context: Context) -> dict[str, str]:
        """Decide what the build covers; the result is dbt's variables."""
        from include import build
        from include.settings import data_dir

        require_duckdb()
        request = request_of(context)
        return build.plan(request.start, request.end, request.mode, data_dir(), full_refresh=request.full_refresh)

    @task(**WRITER, outlets=[GOLD_PUBLISHED])
    def publish(**context: Any) -> str:
        """Give readers the new gold; refuses unless every test of the build passed.

        Skipped when another run is further, with a load or a build that failed: that run publishes what both loaded.
        """
        from include.serving import publish as serving
        from include.settings import data_dir

        planned = context["ti"].xcom_pull(task_ids=BUILD_TASK_ID, key=PLAN_KEY)
        if planned is None:
            raise AirflowFailException("Nothing was built: the task build was marked, not run. Clear it.")
        try:
            return serving.publish(planned["build_id"], data_dir()).name
        except serving.Overtaken as overtaken:
            raise AirflowSkipException(str(overtaken)) from overtaken

    loaded, published = load(), publish()
    # Not after the mirrors: a snapshot need not wait until a hundred tasks have shown what the build did.
    loaded >> build_group(plan) >> published
    return loaded
