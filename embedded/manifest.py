"""The dbt manifest, from which the DAGs draw their tasks without running dbt at every parse."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from include.errors import CartonCapsError
from include.settings import PROJECT_ROOT

DBT_PROJECT = PROJECT_ROOT / "include" / "dbt"
MANIFEST = DBT_PROJECT / "target" / "manifest.json"

_MADE_BY_DBT = {"target", "logs", "dbt_packages"}


def ensure_manifest(env: dict[str, str] | None = None) -> Path:
    """Run ``dbt parse`` when a file of the dbt project is newer than the manifest; opens no database.

    Raises CartonCapsError with dbt's own words when the project cannot be parsed.
    """
    if MANIFEST.exists() and MANIFEST.stat().st_mtime >= _newest_source():
        return MANIFEST
    with tempfile.TemporaryDirectory() as target:
        arguments = [
            "parse",
            "--project-dir",
            str(DBT_PROJECT),
            "--profiles-dir",
            str(DBT_PROJECT),
            "--target-path",
            target,
        ]
        command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments, "--log-path", target]
        run = subprocess.run(command, env=env or dict(os.environ), capture_output=True, text=True, check=False)
        if run.returncode:
            raise CartonCapsError(f"dbt cannot parse include/dbt; its last words:\n{(run.stdout + run.stderr)[-2000:]}")
        MANIFEST.parent.mkdir(exist_ok=True)
        unfinished = MANIFEST.with_suffix(f".{os.getpid()}.part")
        # Written beside the target, then renamed: a DAG that is parsed at this moment reads the old one or the new one.
        unfinished.write_bytes((Path(target) / "manifest.json").read_bytes())
        unfinished.replace(MANIFEST)
    return MANIFEST


def _newest_source() -> float:
    sources = (
        file
        for file in DBT_PROJECT.rglob("*")
        if file.is_file() and file.relative_to(DBT_PROJECT).parts[0] not in _MADE_BY_DBT and file.name != ".user.yml"
    )
    return max((file.stat().st_mtime for file in sources), default=0.0)


if __name__ == "__main__":
    ensure_manifest()
