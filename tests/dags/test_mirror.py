from __future__ import annotations

import asyncio
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # imports Airflow

Mirror = Callable[[dict[str, Any] | None], str]


class Reported:
    """Stands where Airflow's task instance does: hands out what a build reported."""

    task_id = "dbt.dim_user"

    def __init__(self, verdicts: dict[str, Any] | None) -> None:
        self.verdicts = verdicts

    async def axcom_pull(self, task_ids: str, key: str, map_indexes: int) -> Any:
        assert (task_ids, key, map_indexes) == ("dbt.build", "verdicts", -1)
        return self.verdicts


def verdict(status: str = "success", message: str = "OK", *failed_tests: str) -> dict[str, Any]:
    return {"status": status, "message": message, "failed_tests": list(failed_tests)}


@pytest.fixture
def mirror(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """The state that the mirror of dim_user ends in, as its operator asks the triggerer to run it."""
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
    from dags.shared.mirror import DbtNodeMirror

    asked = DbtNodeMirror(task_id="dim_user", build_task_id="dbt.build").start_trigger_args
    trigger = resolve_name(asked.trigger_cls)(**asked.trigger_kwargs)

    async def events(verdicts: dict[str, Any] | None) -> list[Any]:
        trigger.task_instance = Reported(verdicts)
        return [event async for event in trigger.run()]

    def ended(verdicts: dict[str, Any] | None) -> str:
        (event,) = asyncio.run(events(verdicts))
        return str(event.task_instance_state)

    return ended


def test_a_built_model_none_of_whose_tests_failed_is_green(mirror: Mirror):
    assert mirror({"dim_user": verdict(), "fct_referral": verdict("success", "OK", "a_test")}) == "success"


def test_a_failed_model_is_red_with_the_words_of_dbt(mirror: Mirror, capfd: pytest.CaptureFixture[str]):
    assert mirror({"dim_user": verdict("error", "Binder Error: no column email")}) == "failed"
    assert "says error for dim_user: Binder Error: no column email" in capfd.readouterr().out


def test_a_model_whose_test_failed_is_red_too(mirror: Mirror, capfd: pytest.CaptureFixture[str]):
    assert mirror({"dim_user": verdict("success", "OK", "not_null_id", "unique_id")}) == "failed"
    assert "but failed its test not_null_id, unique_id;" in capfd.readouterr().out


@pytest.mark.parametrize("verdicts", [None, {}, {"dim_user": verdict("skipped", "")}])
def test_a_model_that_the_build_never_reached_is_skipped_and_runs_nothing(
    mirror: Mirror, verdicts: dict[str, Any] | None, capfd: pytest.CaptureFixture[str]
):
    assert mirror(verdicts) == "skipped"
    assert "did not get to dim_user; the log of dbt.build" in capfd.readouterr().out


def test_a_trigger_is_made_anew_from_what_it_says_of_itself(mirror: Mirror):
    from dags.shared.mirror import Verdict

    path, arguments = Verdict("dim_user", "dbt.build").serialize()
    assert resolve_name(path)(**arguments).serialize() == (path, arguments)


def test_the_triggerer_outlives_a_mirror_of_a_dag_with_a_required_parameter(mirror: Mirror):
    from airflow.sdk import DAG, Param
    from airflow.sdk.definitions.param import process_params
    from airflow.serialization.serialized_objects import DagSerialization

    from dags.shared.mirror import DbtNodeMirror

    with DAG("repair", schedule=None, params={"start": Param(type="string", format="date")}) as dag:
        DbtNodeMirror(task_id="dim_user", build_task_id="dbt.build")
    task = DagSerialization.from_dict(DagSerialization.to_dict(dag)).get_task("dim_user")
    given = {"start": "2026-03-02"}
    assert dict(process_params(task.dag, task, given, suppress_exception=False)) == given
