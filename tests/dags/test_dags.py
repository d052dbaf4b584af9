from __future__ import annotations

import json
from typing import Any

import pytest

from embedded.manifest import MANIFEST
from include.settings import PROJECT_ROOT

pytestmark = pytest.mark.slow

WRITER = "warehouse_writer"
BUILD = "dbt.build"
BUILDING_DAGS = ("carton_caps_daily", "carton_caps_reprocess")

# Every task that does not open the warehouse, with the reason; any other must be in the writer's pool.
OPENS_NO_WAREHOUSE = {
    "DbtNodeMirror": "reads Airflow's records of the build",
    "EmptyOperator": "does nothing",
    "LandingSensor": "looks for a file",
}
OPENS_NO_WAREHOUSE_TASKS = {
    ("carton_caps_source", "deliver"): "writes landing files",
    ("carton_caps_housekeeping", "clean_metadata"): "cleans Airflow's own database",
    ("carton_caps_alerts", "judge"): "reads the published snapshot",
    ("carton_caps_alerts", "digest"): "reads the published snapshot",
    ("carton_caps_mail_queue", "send"): "reads the mail queue",
}


def test_every_dag_imports_and_none_is_missing(parsed: dict[str, Any]):
    assert parsed["errors"] == {}
    assert set(parsed["dags"]) == {
        "carton_caps_source",
        "carton_caps_daily",
        "carton_caps_alerts",
        "carton_caps_mail_queue",
        "carton_caps_reprocess",
        "carton_caps_housekeeping",
        "carton_caps_docs",
    }


def test_parsing_loads_no_heavy_library(parsed: dict[str, Any]):
    assert parsed["loaded"] == []


def test_no_dag_file_is_named_like_a_dbt_plugin():
    assert list((PROJECT_ROOT / "dags").rglob("dbt_*.py")) == []


def test_every_task_that_opens_the_warehouse_is_in_the_one_slot_pool(parsed: dict[str, Any]):
    in_pool = set()
    for dag_id, dag in parsed["dags"].items():
        for task_id, task in dag["tasks"].items():
            excused = task["type"] in OPENS_NO_WAREHOUSE or (dag_id, task_id) in OPENS_NO_WAREHOUSE_TASKS
            assert (task["pool"] == WRITER) is not excused, f"{dag_id}.{task_id} is in pool {task['pool']}"
            in_pool |= {task_id} if task["pool"] == WRITER else set()
    keeping_house = {"archive_landing", "back_up", "try_backup", "remove_old_files", "keep_docs_site"}
    assert in_pool == {"load", BUILD, "publish", *keeping_house}


def test_the_queue_of_the_writer_worker_gets_the_tasks_of_that_pool_and_no_other(parsed: dict[str, Any]):
    for dag_id, dag in parsed["dags"].items():
        for task_id, task in dag["tasks"].items():
            wanted = "warehouse" if task["pool"] == WRITER else "default"
            assert task["queue"] == wanted, f"{dag_id}.{task_id}"


@pytest.mark.parametrize("dag_id", BUILDING_DAGS)
def test_every_model_and_seed_is_a_task_and_follows_the_build(parsed: dict[str, Any], dag_id: str):
    nodes = json.loads(MANIFEST.read_text())["nodes"].values()
    wanted = {f"dbt.{node['name']}" for node in nodes if node["resource_type"] in ("model", "seed", "snapshot")}
    tasks = parsed["dags"][dag_id]["tasks"]
    assert {task_id for task_id, task in tasks.items() if task["type"] == "DbtNodeMirror"} == wanted
    assert len(wanted) > 5
    for task_id in wanted:
        assert tasks[task_id]["upstream"] != [], f"{task_id} would start beside the build and slow it down"


@pytest.mark.parametrize("dag_id", BUILDING_DAGS)
def test_publishing_follows_the_build_and_alone_announces_the_asset(parsed: dict[str, Any], dag_id: str):
    tasks = parsed["dags"][dag_id]["tasks"]
    assert [task_id for task_id, task in tasks.items() if task["outlets"]] == ["publish"]
    assert tasks["publish"]["outlets"] == ["carton_caps_gold"]
    assert tasks["publish"]["upstream"] == [BUILD]
    assert tasks[BUILD]["upstream"] == ["load"]


def test_a_failed_build_is_not_retried_by_itself(parsed: dict[str, Any]):
    assert parsed["dags"]["carton_caps_daily"]["tasks"][BUILD]["retries"] == 0


def test_scheduled_dags_catch_up_from_the_first_day_of_the_scheduler(parsed: dict[str, Any]):
    for dag_id in ("carton_caps_source", "carton_caps_daily"):
        dag = parsed["dags"][dag_id]
        assert (dag["catchup"], dag["start_date"]) == (True, "2026-03-02T00:00:00+00:00")


def test_every_dag_runs_once_at_a_time_and_mails_its_failure(parsed: dict[str, Any]):
    for dag_id, dag in parsed["dags"].items():
        assert dag["max_active_runs"] == 1, dag_id
        # else a run that hangs keeps the next day from beginning, without a word
        assert 0 < dag["dagrun_timeout"] < 24 * 60 * 60, dag_id
        # The queue that cannot be sent cannot send the mail about it either.
        assert dag["mails_failure"] is (dag_id != "carton_caps_mail_queue"), dag_id


def test_the_page_of_every_dag_says_what_when_who_to_ask_and_how_to_recover(parsed: dict[str, Any]):
    for dag_id, dag in parsed["dags"].items():
        said = dag["doc"].splitlines()
        assert said[0].endswith("."), f"{dag_id}: what it does, in the first line"
        headings = {line.partition("**")[2].partition("**")[0] for line in said if line.startswith("**")}
        assert {"When.", "Who to ask.", "When it fails."} <= headings, dag_id


def test_the_reprocess_form_asks_for_range_refresh_and_accepted_quarantine(parsed: dict[str, Any]):
    assert parsed["dags"]["carton_caps_reprocess"]["params"] == ["start", "end", "full_refresh", "accept_quarantine"]


def test_the_house_is_kept_without_catching_up_and_one_failed_task_stops_no_other(parsed: dict[str, Any]):
    dag = parsed["dags"]["carton_caps_housekeeping"]
    assert (dag["catchup"], dag["max_active_tasks"]) == (False, 1)
    assert dag["start_date"] == "2026-03-03T00:00:00+00:00"
    upstream = {task_id: task["upstream"] for task_id, task in dag["tasks"].items()}
    assert upstream == {
        "remove_old_files": [],
        "clean_metadata": [],
        "archive_landing": [],
        "back_up": [],
        "try_backup": ["back_up"],
    }


def test_the_daily_run_alone_has_a_deadline_at_nine_of_the_day_after_its_day(parsed: dict[str, Any]):
    deadlines = {dag_id: dag["deadlines"] for dag_id, dag in parsed["dags"].items() if dag["deadlines"]}
    # The interval of day D begins at 06:00 of D; 27 hours later it is 09:00 of D + 1.
    callback = "include.alerts.deadline.mail_missed_deadline"
    assert deadlines == {"carton_caps_daily": [["DagRunLogicalDateDeadline", 27 * 3600, callback]]}


def test_the_mail_queue_is_tried_again_by_airflow(parsed: dict[str, Any]):
    assert parsed["dags"]["carton_caps_mail_queue"]["tasks"]["send"]["retries"] == 3


def test_a_setting_that_asks_for_another_engine_is_refused_before_anything_is_planned(monkeypatch: pytest.MonkeyPatch):
    from dags.shared.chain import require_duckdb
    from include.build import BuildError

    require_duckdb()
    monkeypatch.setenv("CARTON_ENGINE", "spark")
    with pytest.raises(BuildError, match=r"The scheduler builds with DuckDB.* python -m include\.pipeline run"):
        require_duckdb()
