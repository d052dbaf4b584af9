"""The dbt project as a task group: one task that plans and builds, and a mirror per model that shows its result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from airflow.sdk import Context, TaskGroup, get_parsing_context

from dags.shared.mirror import VERDICTS_KEY, DbtNodeMirror
from dags.shared.settings import WRITES_WAREHOUSE
from dags.shared.writer import end_with_supervisor
from include.build import DBT_BUILD_FLAGS, DBT_PROJECT

GROUP_ID = "dbt"
BUILD_TASK_ID = f"{GROUP_ID}.build"
PLAN_KEY = "plan"  # XCom of the build task: the variables of its build


def build_group(plan: Callable[[Context], dict[str, str]]) -> Any:
    """Make the group in the DAG being defined and return its build task, which ends when models and tests are done.

    ``plan`` decides what the build covers and returns dbt's variables. The build task asks for it itself, right before
    it starts dbt, and keeps the one slot of the warehouse from then on: no other run can load or build in between, and
    clearing the task plans anew.

    The mirrors start after the build, not beside it: a hundred waiting tasks cost dbt more time than they show.
    """
    running = get_parsing_context().task_id
    if running is None:
        return _with_mirrors(plan)
    # Airflow reads the DAG again in the process of every task, which needs no other task than itself:
    # https://airflow.apache.org/docs, "Optimizing DAG parsing delays". A mirror gets a process when its trigger broke.
    group = TaskGroup(GROUP_ID)
    if running.startswith(f"{GROUP_ID}.") and running != BUILD_TASK_ID:
        DbtNodeMirror(task_id=running.removeprefix(f"{GROUP_ID}."), task_group=group, build_task_id=BUILD_TASK_ID)
    return _build_task(plan, group)


def _with_mirrors(plan: Callable[[Context], dict[str, str]]) -> Any:
    from cosmos import DbtTaskGroup, ProjectConfig, RenderConfig
    from cosmos.constants import DbtResourceType, LoadMode, TestBehavior

    group = DbtTaskGroup(
        group_id=GROUP_ID,
        project_config=ProjectConfig(
            dbt_project_path=DBT_PROJECT,
            manifest_path=DBT_PROJECT / "target" / "manifest.json",
            install_dbt_deps=False,
        ),
        profile_config=_profile(),
        render_config=RenderConfig(
            load_method=LoadMode.DBT_MANIFEST,  # reading a file; asking dbt costs seconds at every parse
            test_behavior=TestBehavior.BUILD,  # a mirror shows a model and its tests as one
            emit_datasets=False,  # one asset, emitted when gold is published, not one per table
            node_converters=dict.fromkeys(
                (DbtResourceType.MODEL, DbtResourceType.SEED, DbtResourceType.SNAPSHOT), _mirror_of
            ),
        ),
    )
    mirrors = [task for task in group.iter_tasks() if isinstance(task, DbtNodeMirror)]
    build = _build_task(plan, group)
    for mirror in mirrors:
        if not mirror.upstream_task_ids:
            build >> mirror
    return build


def _mirror_of(*, dag: Any, task_group: Any, node: Any, **_: Any) -> DbtNodeMirror:
    """Cosmos' node converter: a mirror in place of the task that would run dbt for this node alone."""
    return DbtNodeMirror(dag=dag, task_group=task_group, task_id=node.name, build_task_id=BUILD_TASK_ID)


def _build_task(plan: Callable[[Context], dict[str, str]], group: Any) -> Any:
    from cosmos.constants import InvocationMode

    from dags.shared.build_task import DbtBuild

    def plan_the_build(context: Context) -> None:
        end_with_supervisor(context)
        variables = plan(context)
        context["ti"].xcom_push(key=PLAN_KEY, value=variables)
        task: Any = context["task"]
        task.vars, task.full_refresh = variables, variables["full_refresh"] == "true"

    return DbtBuild(
        task_id=BUILD_TASK_ID.removeprefix(f"{GROUP_ID}."),
        task_group=group,
        project_dir=DBT_PROJECT,
        profile_config=_profile(),
        dbt_cmd_flags=DBT_BUILD_FLAGS,
        # In the task's own process: a dbt process of its own would outlive a killed task and keep the database locked.
        invocation_mode=InvocationMode.DBT_RUNNER,
        install_deps=False,
        emit_datasets=False,
        should_store_compiled_sql=False,
        retries=0,
        pre_execute=plan_the_build,
        callback=leave_verdicts,
        **WRITES_WAREHOUSE,
    )


def _profile() -> Any:
    from cosmos import ProfileConfig

    return ProfileConfig(
        profile_name="carton_caps", target_name="duckdb", profiles_yml_filepath=DBT_PROJECT / "profiles.yml"
    )


def leave_verdicts(project_dir: str, context: Context) -> None:
    """Cosmos' ``callback`` after dbt, while its temporary project is still there: the results, for the mirrors.

    Raises BuildError with each failed model and test in place of Cosmos' own, shorter words.
    """
    from include.build import BuildError, manifest_file
    from include.build_failures import explain, verdicts
    from include.settings import data_dir

    run_results = Path(project_dir) / "target" / "run_results.json"
    if not run_results.exists():
        return
    context["ti"].xcom_push(key=VERDICTS_KEY, value=verdicts(run_results, manifest_file(data_dir())))
    if failed := explain(run_results, data_dir()):
        raise BuildError(failed)
