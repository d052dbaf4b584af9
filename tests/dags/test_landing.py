from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # imports Airflow

CONTEXT = {"logical_date": datetime(2026, 3, 2, 6, tzinfo=UTC)}


@pytest.fixture
def sensor(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    from dags.shared.landing import LandingSensor

    return LandingSensor(task_id="wait_for_landing", poke_interval=0.01, timeout=0.05)


def test_a_day_that_stays_away_fails_with_its_file_and_what_to_do(sensor):
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match=r"_SUCCESS/ds=2026-03-02 did not appear.*clear this task"):
        sensor.execute(CONTEXT)


def test_a_day_that_is_complete_lets_the_run_go_on(sensor, tmp_path: Path):
    mark = tmp_path / "landing" / "_SUCCESS" / "ds=2026-03-02"
    mark.parent.mkdir(parents=True)
    mark.touch()
    sensor.execute(CONTEXT)
