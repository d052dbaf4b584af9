"""What a failed task leaves for the mail about its run: a small file, so that the mail waits for no database."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from include.settings import Paths


@dataclass(frozen=True)
class FailedTask:
    """Why one task failed, in the words of its error."""

    task_id: str
    error: str


def leave_note(dag_id: str, run_id: str, failed: FailedTask, paths: Paths) -> None:
    """Write the task's failure down, in place of an earlier one of the same task."""
    folder = _folder(dag_id, run_id, paths)
    folder.mkdir(parents=True, exist_ok=True)
    staged = folder / f".{failed.task_id}.tmp"
    staged.write_text(json.dumps(asdict(failed)), encoding="utf-8")
    staged.replace(folder / f"{failed.task_id}.json")


def notes(dag_id: str, run_id: str, paths: Paths) -> tuple[FailedTask, ...]:
    """The failures that the run's tasks left, the first one first; empty when a task was killed."""
    files = sorted(_folder(dag_id, run_id, paths).glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
    return tuple(FailedTask(**json.loads(file.read_text(encoding="utf-8"))) for file in files)


def drop_notes(dag_id: str, run_id: str, paths: Paths) -> None:
    """Forget them once they are mailed: the run may be cleared and fail of something else."""
    for file in _folder(dag_id, run_id, paths).glob("*.json"):
        file.unlink()


def _folder(dag_id: str, run_id: str, paths: Paths) -> Path:
    # a person may name a run as they like, with slashes too
    return paths.alerts / "failed_tasks" / f"{dag_id}-{sha256(run_id.encode()).hexdigest()[:16]}"
