"""What failed in a dbt build: in words, and the SQL that shows the rows, kept where it outlives the build."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.errors import CartonCapsError
from include.settings import Paths

FAILED_STATUSES = ("error", "fail", "runtime error")

_MESSAGE_LENGTH = 600


@dataclass(frozen=True)
class FailedNode:
    """One model or test that failed. ``rows`` is the number of failing rows of a test, None otherwise."""

    kind: str
    name: str
    message: str
    rows: int | None
    sql: str | None

    def lines(self, paths: Paths) -> list[str]:
        """The failure and how to look at it. The rows themselves may hold personal data, so they are not here."""
        lines = [f"  {self.kind} {self.name}: {' '.join(self.message.split())[:_MESSAGE_LENGTH]}"]
        if self.rows and self.sql:
            rows = "1 failing row; to see it" if self.rows == 1 else f"{self.rows:,} failing rows; to see them"
            lines.append(f"    {rows}: python -m include.pipeline failing-rows {self.name}")
        elif self.sql:
            lines.append(f"    its SQL: {_sql_file(self.name, paths)}")
        return lines


def explain(run_results: Path, paths: Paths) -> str | None:
    """What dbt's ``run_results.json`` says has failed, or None when nothing has.

    Also keeps the SQL of each failed node below the data root, in place of that of the build before: what
    ``failing_rows`` runs. The scheduler's dbt works in a folder that is gone when somebody comes to look.
    """
    results = _results(run_results)
    failed = [_node(result) for result in results if result["status"] in FAILED_STATUSES]
    _keep_sql(failed, paths)
    if not failed:
        return None
    skipped = sum(result["status"] == "skipped" for result in results)
    lines = [f"dbt build failed: {len(failed)} of {len(results)} nodes failed, {skipped} were skipped."]
    for node in failed:
        lines += node.lines(paths)
    return "\n".join([*lines, "Nothing of this build is published; the last snapshot keeps serving."])


def verdicts(run_results: Path, manifest: Path) -> dict[str, dict[str, Any]]:
    """What dbt did to each model, seed and snapshot, by name: its status, message and the names of its failed tests.

    A generic test judges the node whose YAML it stands in, a singular one every node it reads. A skipped test has
    failed nowhere.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    results = [(nodes[result["unique_id"]], result) for result in _results(run_results) if result["unique_id"] in nodes]
    judged: dict[str, dict[str, Any]] = {
        node["name"]: {"status": result["status"], "message": result["message"] or "", "failed_tests": []}
        for node, result in results
        if node["resource_type"] in ("model", "seed", "snapshot")
    }
    for test, result in results:
        if test["resource_type"] == "test" and result["status"] in FAILED_STATUSES:
            about = [test["attached_node"]] if test.get("attached_node") else test["depends_on"]["nodes"]
            for node in about:
                if (name := node.split(".")[-1]) in judged:
                    judged[name]["failed_tests"].append(test["name"])
    return judged


def failing_rows(test: str, paths: Paths, limit: int = 20) -> str:
    """The first rows that made a test of the last build fail, as a text table; reads the warehouse.

    Raises:
        CartonCapsError: no test of that name failed in the last build.
        WarehouseError: another process writes to the warehouse.
    """
    from include.warehouse import connect

    file = _sql_file(test, paths)
    if not file.exists():
        known = ", ".join(sorted(kept.stem for kept in file.parent.glob("*.sql"))) or "none"
        raise CartonCapsError(f"No failed test {test} in the last build. Failed were: {known}.")
    with connect(paths, read_only=True) as con:
        return str(con.sql(f"select * from (\n{file.read_text(encoding='utf-8')}\n) limit {limit}"))


def _results(run_results: Path) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = json.loads(run_results.read_text(encoding="utf-8"))["results"]
    return results


def _node(result: dict[str, Any]) -> FailedNode:
    kind, _, name = result["unique_id"].split(".")[:3]
    rows = result["failures"] if kind == "test" else None
    return FailedNode(kind, name, result["message"] or result["status"], rows, result.get("compiled_code"))


def _keep_sql(failed: list[FailedNode], paths: Paths) -> None:
    for file in _sql_file("any", paths).parent.glob("*.sql"):
        file.unlink()
    for node in failed:
        if node.sql:
            file = _sql_file(node.name, paths)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(node.sql, encoding="utf-8")


def _sql_file(name: str, paths: Paths) -> Path:
    return paths.root / "dbt" / "failed" / f"{name}.sql"
