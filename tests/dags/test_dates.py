from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

pytestmark = pytest.mark.slow  # imports Airflow


@pytest.fixture(scope="module", autouse=True)
def airflow_home(tmp_path_factory: pytest.TempPathFactory):
    """Importing Airflow writes its configuration file: not into the home of who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
        yield


def test_a_run_processes_the_day_in_which_its_interval_starts():
    from dags.shared.dates import data_date

    assert data_date({"logical_date": datetime(2026, 3, 2, 6, tzinfo=UTC)}) == date(2026, 3, 2)
    assert data_date({"logical_date": datetime(2026, 2, 28, 23, 59, tzinfo=UTC)}) == date(2026, 2, 28)


def test_a_run_without_a_date_fails_with_a_sentence():
    from airflow.sdk.exceptions import AirflowFailException

    from dags.shared.dates import data_date

    for context in ({"logical_date": None}, {}):
        with pytest.raises(AirflowFailException, match="belongs to no day"):
            data_date(context)


def test_a_range_that_ends_before_it_starts_is_refused():
    from airflow.sdk.exceptions import AirflowFailException

    from dags.carton_caps_reprocess import asked_days

    form = {"start": "2026-03-05", "end": "2026-03-02", "full_refresh": False, "accept_quarantine": []}
    with pytest.raises(AirflowFailException, match="2026-03-05 is after the last day 2026-03-02"):
        asked_days({"params": form})


def test_a_daily_run_loads_the_window_before_its_day_and_a_reprocess_only_its_days():
    from dags.shared.chain import Request

    day = date(2026, 3, 9)
    assert Request(day, day, "run").first_landing_day == date(2026, 3, 2)
    assert Request(day, day, "reprocess").first_landing_day == day
