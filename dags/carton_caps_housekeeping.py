"""Keep the house: back up and try the backup, archive old landing days, remove what is older than its limit.

**When.** Nightly at 03:00 UTC, before the sources land at 05:00, from the second day on. A night that was missed is
made up once, not for each night. The limits, each with its reason, are in `include/housekeeping/limits.yaml`.

**What.** `back_up` writes a folder into `$CARTON_DATA_DIR/backup` (or CARTON_BACKUP_DIR: put it on another disk), and
`try_backup` restores it beside and compares every table. `archive_landing` moves old landing days that are loaded into
`archive/landing`; a load knows them, and `python -m include.pipeline archive restore` brings them back.
`clean_metadata` removes old runs from Airflow's database, `remove_old_files` old logs and mails.

**When it fails.** Nothing that is needed is gone: each task removes only after what replaces it is on the disk. Mend
what the log of the task says (mostly: room on the disk) and clear that task. They run one at a time, and one that
fails stops no other, except that only a backup that was made is tried.

**Who to ask.** data-platform. How to restore: `docs/backup_and_restore.md`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, task

from dags.shared.settings import DAG_OPTIONS, START_DATE
from dags.shared.writer import WRITER


@dag(
    schedule="0 3 * * *",
    start_date=START_DATE + timedelta(days=1),  # the first day belongs to the first numbers
    catchup=False,
    max_active_tasks=1,  # each waits for nothing but a free core; the daily run should not wait for them
    tags=["daily", "house-keeping", "warehouse"],
    doc_md=__doc__,
    **DAG_OPTIONS,
)
def carton_caps_housekeeping() -> None:
    """Independent tasks: a backup that a full disk refuses must not keep old files from being removed."""

    @task(**WRITER)
    def remove_old_files() -> str:
        """Logs, mails and litter: where the whole data folder can be written, as in the writer's worker of a team."""
        from include.housekeeping.limits import load_limits
        from include.housekeeping.old_files import remove_old_files
        from include.settings import data_dir

        return remove_old_files(data_dir(), load_limits()).text()

    @task
    def clean_metadata() -> str:
        """Old rows of Airflow's own database."""
        from include.housekeeping.limits import load_limits
        from include.housekeeping.metadata import clean_metadata

        return clean_metadata(load_limits())

    @task(**WRITER)
    def archive_landing() -> str:
        """Old landing days; reads in the warehouse which files are loaded."""
        from include.housekeeping.archive_landing import archive_landing
        from include.housekeeping.limits import load_limits
        from include.settings import data_dir

        return archive_landing(data_dir(), load_limits()).text()

    @task(**WRITER)
    def back_up() -> str:
        """The warehouse and what else cannot be made again."""
        from include.housekeeping.back_up import back_up
        from include.housekeeping.limits import load_limits
        from include.settings import data_dir

        return back_up(data_dir(), load_limits()).text()

    @task(**WRITER)
    def try_backup() -> str:
        """Restore the newest backup into a folder of its own, where the backups are mounted."""
        from include.housekeeping.limits import load_limits
        from include.housekeeping.trial import try_newest_backup
        from include.settings import data_dir

        return try_newest_backup(data_dir(), load_limits()).text()

    remove_old_files()
    clean_metadata()
    archive_landing()
    back_up() >> try_backup()


carton_caps_housekeeping()
