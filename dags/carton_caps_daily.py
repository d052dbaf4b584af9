"""Load the day, build and test the marts, publish them to the dashboard.

**When.** Daily at 06:00 UTC, after the sources have landed at 05:00. The run that fires on day D + 1 processes landing
day D, its logical date, and rebuilds days D - 7 .. D. Missed days are caught up, one at a time, oldest first.

**By hand.** Trigger it with the logical date set to the landing day; or, for many days,
`airflow backfill create --dag-id carton_caps_daily --max-active-runs 1 --from-date ... --to-date ...` (a backfill has
its own limit of active runs: leave it at 1 in the form too); or carton_caps_reprocess, in one pass.

**Deadline.** When day D is not published by 09:00 UTC of day D + 1 (CARTON_PUBLISH_BY, hours after midnight), a mail
says so, and another when it is.

**When it fails.** Nothing is published, the last snapshot keeps serving, and a mail names the run.
Mend the cause, then clear from the failed task on with its downstream tasks; after a failed build, from `plan` on.
The tasks in the group `dbt` that are named like a model only show what the build did: clearing one runs nothing.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Context, CronDataIntervalTimetable, dag

from dags.shared.chain import Request, load_to_publish
from dags.shared.dates import data_date
from dags.shared.deadline import published_by
from dags.shared.landing import LandingSensor
from dags.shared.settings import DAG_OPTIONS, START_DATE


def one_day(context: Context) -> Request:
    """The run's own landing day."""
    day = data_date(context)
    return Request(start=day, end=day, mode="run")


@dag(
    schedule=CronDataIntervalTimetable("0 6 * * *", timezone="UTC"),
    start_date=START_DATE,
    catchup=True,
    tags=["daily", "warehouse"],
    deadline=published_by(hour_of_run=6),
    doc_md=__doc__,
    **DAG_OPTIONS,
)
def carton_caps_daily() -> None:
    """Wait for the day's files, then load, plan, build, publish."""
    landed = LandingSensor(
        task_id="wait_for_landing",
        mode="reschedule",  # a waiting day holds no process
        poke_interval=10,
        timeout=timedelta(hours=6),
    )
    landed >> load_to_publish(one_day)


carton_caps_daily()
