from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # imports Airflow

Mirror = Callable[[dict[str, Any] | None], None]


class Reported:
    """Stands where Airflow's task instance does: hands out what a build reported."""

    def __init__(self, verdicts: dict[str, Any] | None) -> None:
        self.verdicts = verdicts

    def xcom_pull(self, task_ids: str, key: str) -> Any:
        assert (task_ids, key) == ("dbt.build", "verdicts")
        return self.verdicts


def verdict(status: str = "success", message: str = "OK", *failed_tests: str) -> dict[str, Any]:
    return {"status": status, "message": message, "failed_tests": list(failed_tests)}


@pytest.fixture
def mirror(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
    from dags.shared.mirror import DbtNodeMirror

    task = DbtNodeMirror(task_id="dim_user", build_task_id="dbt.build")
    return lambda verdicts: task.execute({"ti": Reported(verdicts)})


def test_a_built_model_none_of_whose_tests_failed_is_green(mirror: Mirror):
    mirror({"dim_user": verdict(), "fct_referral": verdict("success", "OK", "a_test")})


def test_a_failed_model_is_red_with_the_words_of_dbt(mirror: Mirror):
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match=r"says error for dim_user: Binder Error: no column"):
        mirror({"dim_user": verdict("error", "Binder Error: no column email")})


def test_a_model_whose_test_failed_is_red_too(mirror: Mirror):
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match="but failed its test not_null_id, unique_id;"):
        mirror({"dim_user": verdict("success", "OK", "not_null_id", "unique_id")})


@pytest.mark.parametrize("verdicts", [None, {}, {"dim_user": verdict("skipped", "")}])
def test_a_model_that_the_build_never_reached_is_skipped_and_runs_nothing(
    mirror: Mirror, verdicts: dict[str, Any] | None
):
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException, match=r"did not get to dim_user; the log of dbt\.build"):
        mirror(verdicts)
