"""The dbt project as a task group: one task that plans and builds, and a mirror per model that shows its result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from airflow.sdk import Context, TriggerRule
from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import DbtResourceType, ExecutionMode, InvocationMode, LoadMode, TestBehavior

from dags.shared.mirror import FAILED_TESTS_KEY, DbtNodeMirror, build_again, mirror_of
from dags.shared.settings import MIRROR_POOL, WRITES_WAREHOUSE
from dags.shared.writer import end_with_supervisor
from include.build import DBT_BUILD_FLAGS, DBT_PROJECT

GROUP_ID = "dbt"
BUILD_TASK_ID = f"{GROUP_ID}.dbt_producer_watcher"  # Cosmos' name for it
BUILT_TASK_ID = f"{BUILD_TASK_ID}_done"  # succeeds when every model and test of the build has
PLAN_KEY = "plan"  # XCom of the build task: the variables of its build

_PROJECT = ProjectConfig(
    dbt_project_path=DBT_PROJECT,
    manifest_path=DBT_PROJECT / "target" / "manifest.json",
    install_dbt_deps=False,
)
_PROFILE = ProfileConfig(
    profile_name="carton_caps", target_name="duckdb", profiles_yml_filepath=DBT_PROJECT / "profiles.yml"
)
_RENDER = RenderConfig(
    load_method=LoadMode.DBT_MANIFEST,  # reading a file; asking dbt costs seconds at every parse
    test_behavior=TestBehavior.BUILD,  # tests run inside the build, a mirror shows model and tests as one
    emit_datasets=False,  # one asset, emitted when gold is published, not one per table
    node_converters=dict.fromkeys((DbtResourceType.MODEL, DbtResourceType.SEED, DbtResourceType.SNAPSHOT), mirror_of),
)


def build_group(plan: Callable[[Context], dict[str, str]]) -> DbtTaskGroup:
    """The group; ``plan`` decides what the build covers and returns dbt's variables.

    The build task asks for the plan itself, right before it starts dbt, and keeps the one slot of the warehouse from
    then on: no other run can load or build in between, and clearing the task plans anew.

    The mirrors start after the build, not beside it: fifty waiting tasks cost dbt's start-up more than they show.
    """

    def plan_the_build(context: Context) -> None:
        end_with_supervisor(context)
        build_again(context)
        variables = plan(context)
        context["ti"].xcom_push(key=PLAN_KEY, value=variables)
        task: Any = context["task"]
        task.vars, task.full_refresh = variables, variables["full_refresh"] == "true"

    execution = ExecutionConfig(
        execution_mode=ExecutionMode.WATCHER,
        # In the task's own process: a dbt process of its own would outlive a killed task and keep the database locked.
        invocation_mode=InvocationMode.DBT_RUNNER,
        setup_operator_args={
            **WRITES_WAREHOUSE,
            "retries": 0,
            "pre_execute": plan_the_build,
            "callback": explain_failures,
            "task_display_name": "build",
        },
    )
    group = DbtTaskGroup(
        group_id=GROUP_ID,
        project_config=_PROJECT,
        profile_config=_PROFILE,
        execution_config=execution,
        render_config=_RENDER,
        operator_args={"dbt_cmd_flags": DBT_BUILD_FLAGS, "mirror_pool": MIRROR_POOL},
    )
    build = group.children[BUILD_TASK_ID]
    for task in group.iter_tasks():
        if isinstance(task, DbtNodeMirror) and not task.upstream_task_ids:
            build >> task
            task.trigger_rule = TriggerRule.ALL_DONE  # after a failed build too: they show which model failed
    return group


def explain_failures(project_dir: str, context: Context) -> None:
    """Cosmos' ``callback`` after dbt, while its temporary project is still there; leaves the mirrors the failed tests.

    Cosmos' own verdict on the tests of a model takes a skipped test for a failed one, and a test of two models for a
    test of each: after one failure half the graph would be red.

    Raises BuildError with each failed model and test in place of Cosmos' own, shorter words.
    """
    from include.build import BuildError
    from include.build_failures import explain, failed_tests
    from include.settings import data_dir

    target = Path(project_dir) / "target"
    run_results = target / "run_results.json"
    if run_results.exists() and (failed := explain(run_results, data_dir())):
        context["ti"].xcom_push(key=FAILED_TESTS_KEY, value=failed_tests(run_results, target / "manifest.json"))
        raise BuildError(failed)
