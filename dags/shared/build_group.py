"""The dbt project as a task group: one build, and a mirror task per model that shows its result."""

from __future__ import annotations

from airflow.sdk import TriggerRule
from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import DbtResourceType, ExecutionMode, InvocationMode, LoadMode, TestBehavior

from dags.shared.mirror import DbtNodeMirror, build_again, mirror_of
from dags.shared.settings import MIRROR_POOL, WRITES_WAREHOUSE
from include.build import DBT_BUILD_FLAGS, DBT_PROJECT

GROUP_ID = "dbt"
BUILD_TASK_ID = f"{GROUP_ID}.dbt_producer_watcher"  # Cosmos' name for it

_PROJECT = ProjectConfig(
    dbt_project_path=DBT_PROJECT,
    manifest_path=DBT_PROJECT / "target" / "manifest.json",
    install_dbt_deps=False,
)
_PROFILE = ProfileConfig(
    profile_name="carton_caps", target_name="duckdb", profiles_yml_filepath=DBT_PROJECT / "profiles.yml"
)
_EXECUTION = ExecutionConfig(
    execution_mode=ExecutionMode.WATCHER,
    # In the task's own process: a dbt process of its own would outlive a killed task and keep the database locked.
    invocation_mode=InvocationMode.DBT_RUNNER,
    setup_operator_args={**WRITES_WAREHOUSE, "retries": 0, "pre_execute": build_again},
)
_RENDER = RenderConfig(
    load_method=LoadMode.DBT_MANIFEST,  # reading a file; asking dbt costs seconds at every parse
    test_behavior=TestBehavior.BUILD,  # tests run inside the build, a mirror shows model and tests as one
    emit_datasets=False,  # one asset, emitted when gold is published, not one per table
    node_converters=dict.fromkeys((DbtResourceType.MODEL, DbtResourceType.SEED, DbtResourceType.SNAPSHOT), mirror_of),
)


def build_group(plan_task_id: str) -> DbtTaskGroup:
    """The group; its dbt variables are what the task ``plan_task_id`` returned.

    The mirrors start after the build, not beside it: fifty waiting tasks cost dbt's start-up more than they show.
    """
    variables = f"ti.xcom_pull(task_ids='{plan_task_id}')"
    group = DbtTaskGroup(
        group_id=GROUP_ID,
        project_config=_PROJECT,
        profile_config=_PROFILE,
        execution_config=_EXECUTION,
        render_config=_RENDER,
        operator_args={
            "vars": f"{{{{ {variables} | tojson }}}}",
            "full_refresh": f"{{{{ {variables}['full_refresh'] }}}}",
            "dbt_cmd_flags": DBT_BUILD_FLAGS,
            "mirror_pool": MIRROR_POOL,
        },
    )
    build = group.children[BUILD_TASK_ID]
    for task in group.iter_tasks():
        if isinstance(task, DbtNodeMirror) and not task.upstream_task_ids:
            build >> task
            task.trigger_rule = TriggerRule.ALL_DONE  # after a failed build too: they show which model failed
    return group
