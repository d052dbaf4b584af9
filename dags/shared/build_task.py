"""dbt's build as a task: Cosmos' operator, told what the project holds."""

from __future__ import annotations

from typing import Any

from cosmos.dbt.project import change_working_directory, environ
from cosmos.operators.local import DbtBuildLocalOperator


class DbtBuild(DbtBuildLocalOperator):
    """Runs dbt in the task's own process, from parse results that the data root keeps from run to run.

    Cosmos keeps such results too, but dbt throws them away when the variables differ, and ours differ at every run:
    parsing everything anew took a sixth of a small day's build.
    """

    def run_dbt_runner(self, command: list[str], env: dict[str, str], cwd: str, **_: Any) -> Any:
        """What Cosmos calls once its temporary project stands; ``command`` begins with the name of the program."""
        from dbt.cli.main import dbtRunner

        from include.build import parsed_project
        from include.settings import data_dir

        with change_working_directory(cwd), environ(env):
            return dbtRunner(manifest=parsed_project(data_dir())).invoke(command[1:])
