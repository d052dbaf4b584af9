"""The simulated source: delivers the landing files of one day, as a real source would.

**When.** Daily at 05:00 UTC, for the day that ended at midnight: the run of day D + 1 delivers day D.
Missed days are caught up.

**Your own data.** Pause this DAG and let real files land; nothing else changes. A day that somebody has delivered
already is left as it is. Where CARTON_SOURCE is `landing` it begins paused, and a run of it is refused.

**Who to ask.** The owner of the task (`data-platform`); for real files, the source's team.

**When it fails.** The day stays incomplete, so the daily run waits for it. Clear the task: a day counts only once its
mark of completeness is there, and the same day has the same content every time.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import CronDataIntervalTimetable, dag, task

from dags.shared.dates import data_date
from dags.shared.settings import DAG_OPTIONS, START_DATE
from include.settings_list import value


@dag(
    schedule=CronDataIntervalTimetable("0 5 * * *", timezone="UTC"),
    start_date=START_DATE,
    catchup=True,
    tags=["daily", "source"],
    doc_md=__doc__,
    is_paused_upon_creation=True if value("CARTON_SOURCE") == "landing" else None,
    **DAG_OPTIONS,
)
def carton_caps_source() -> None:
    """One task; it writes files only and opens no database."""

    @task
    def deliver(**context: Any) -> None:
        """Write the day's files, and last the mark that says the day is complete."""
        from include import pipeline
        from include.settings import data_dir

        day = data_date(context)  # type: ignore[arg-type]
        pipeline.generate(day, day, data_dir())

    deliver()


carton_caps_source()
