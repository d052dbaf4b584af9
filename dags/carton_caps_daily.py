"""Load the day, build and test the marts, publish them to the dashboard.

**When.** Daily at 06:00 UTC, after the sources have landed at 05:00. The run that fires on day D + 1 processes landing
day D, its logical date, and rebuilds days D - 7 .. D. Missed days are caught up, one at a time, oldest first.

**Who to ask.** The owner of the tasks (`data-platform`) about the run; the source's team about what landed.

**By hand.** Again for past days: Backfill in this page, or `airflow backfill create --dag-id carton_caps_daily
--from-date A --to-date BT23:59:59`
(the run of a day is of 06:00). Many days in one pass, or days older than a week: `carton_caps_reprocess`. Whatever runs
beside it takes turns at the warehouse, and nothing older is ever published over something newer.

**Deadline.** When day D is not published by 09:00 UTC of day D + 1 (CARTON_PUBLISH_BY, hours after midnight), a mail
says so, and another when it is.

**When it fails.** Nothing is published, the last snapshot keeps serving, and a mail says which task failed and why.

1. `wait_for_landing`: the day is not complete. Let the source finish it, then clear the task.
2. `load`: the mail names the file or delivery. Have it delivered again and clear the task, or accept it with
   `carton_caps_reprocess`.
3. `build` (in the group `dbt`): the mail names each model or test and the command that shows the failing rows. Mend the
   cause, then clear `build` with its downstream tasks: it plans anew and repeats the whole build.
4. `publish`: the mail says what stands in the way. Clear the task when it is gone.

The tasks in `dbt` that are named like a model only show what the build did: clearing one runs nothing. A `publish` that
was skipped was overtaken: another run has loaded more, or built on top and failed; that run publishes both.
`docs/runbook.md` has each case step by step.
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
