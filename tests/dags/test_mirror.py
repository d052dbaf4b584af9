from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # imports Airflow

KEY = "model__carton_caps__dim_user"
BUILT = {f"{KEY}_status": {"status": "success", "outlet_uris": []}}


class Reported:
    """Stands where Airflow's task instance does: hands out what a build reported, by key."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def xcom_pull(self, task_ids: str, key: str) -> Any:
        assert task_ids == "dbt.build"
        return self.values.get(key)


@pytest.fixture
def mirror(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, Any]], None]:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
    from dags.shared.mirror import DbtNodeMirror

    task = DbtNodeMirror(task_id="dim_user", unique_id="model.carton_caps.dim_user", producer_task_id="dbt.build")
    return lambda reported: task.execute({"ti": Reported(reported)})


@pytest.mark.parametrize("tests", [{}, {"failed_tests": {"model.carton_caps.fct_referral": ["a_test"]}}])
def test_a_built_model_none_of_whose_tests_failed_is_green(mirror, tests: dict[str, Any]):
    mirror(BUILT | tests)


def test_a_failed_model_is_red_with_the_words_of_dbt(mirror):
    from airflow.sdk.exceptions import AirflowFailException

    event = {f"{KEY}_dbt_event": {"msg": "Binder Error: no column email"}}
    with pytest.raises(
        AirflowFailException, match=r"says error for model\.carton_caps\.dim_user: Binder Error: no column"
    ):
        mirror({f"{KEY}_status": {"status": "error"}} | event)


def test_a_model_whose_test_failed_is_red_too(mirror):
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match="but failed its test not_null_id, unique_id;"):
        mirror(BUILT | {"failed_tests": {"model.carton_caps.dim_user": ["not_null_id", "unique_id"]}})


def test_a_model_that_the_build_never_reached_is_skipped_and_runs_nothing(mirror):
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException, match=r"did not get to model\.carton_caps\.dim_user"):
        mirror({})
