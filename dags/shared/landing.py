"""Waiting for a day's delivery."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseSensorOperator, Context
from airflow.sdk.exceptions import AirflowFailException, AirflowSensorTimeout

from dags.shared.dates import data_date


class LandingSensor(BaseSensorOperator):
    """Succeeds once the landing day of the run is complete; fails with the missing file's name when it stays away."""

    def poke(self, context: Context) -> bool:
        """Whether the day's mark of completeness is there."""
        from include.settings import data_dir

        mark = data_dir().landing / "_SUCCESS" / f"ds={data_date(context)}"
        self.log.info("Looking for %s", mark)
        return mark.exists()

    def execute(self, context: Context) -> Any:
        """Wait; a timeout becomes a sentence that says what did not arrive."""
        try:
            return super().execute(context)
        except AirflowSensorTimeout as timeout:
            day = data_date(context)
            raise AirflowFailException(
                f"Landing day {day} is not complete: landing/_SUCCESS/ds={day} did not appear in time. Nothing was "
                "loaded and the last snapshot keeps serving. When the source has delivered, clear this task."
            ) from timeout
