"""The part that runs in the Spark environment, as a process of its own: ``python -m include.spark.session REQUEST``.

It may import what that environment has: the standard library, dbt and PySpark.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

SCHEMAS = ("silver", "gold")


def main(argv: list[str]) -> int:
    """Register raw, build the selected models, describe every table; 0 when dbt built all of it.

    ``REQUEST`` is a JSON file: ``options`` (arguments of every dbt command), ``build`` (further ones of ``dbt build``),
    ``raw`` (arguments of the macro ``register_raw``), ``warehouse`` (the folder of Spark's tables) and ``tables`` (the
    file to write: schema -> table -> column -> type).
    """
    request: dict[str, Any] = json.loads(Path(argv[0]).read_text(encoding="utf-8"))
    try:
        return _build(request)
    finally:
        _end_session()


def _build(request: dict[str, Any]) -> int:
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(["--quiet", "parse", *request["options"]])
    if not parsed.success:
        return _failed(parsed)
    manifest: Any = parsed.result
    dbt = dbtRunner(manifest=manifest)
    registered = dbt.invoke(
        ["--quiet", "run-operation", "register_raw", "--args", json.dumps(request["raw"]), *request["options"]]
    )
    if not registered.success:
        return _failed(registered)
    _drop_strays(Path(request["warehouse"]))
    built = dbt.invoke(["--quiet", "build", *request["build"], *request["options"]])
    if not built.success:
        return _failed(built)
    Path(request["tables"]).write_text(json.dumps(_describe()), encoding="utf-8")
    return 0


def _failed(result: Any) -> int:
    if result.exception is not None:
        sys.stderr.write(f"{result.exception}\n")
    return 1


def _session() -> Any:
    """The session that dbt has made in this process."""
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate()


def _end_session() -> None:
    """Wait for the Java process: one that is still ending holds the catalogue, and the next session would not start."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if SparkContext._active_spark_context is None or gateway is None:
        return
    SparkContext._active_spark_context.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(timeout=60)


def _drop_strays(warehouse: Path) -> None:
    """Drop folders that belong to no table: a build that was killed left them, and Spark refuses to build there."""
    known = {f"{schema}.db/{table.name}" for schema in SCHEMAS for table in _session().catalog.listTables(schema)}
    for folder in warehouse.glob("*.db/*"):
        if f"{folder.parent.name}/{folder.name}" not in known:
            shutil.rmtree(folder)


def _describe() -> dict[str, dict[str, dict[str, str]]]:
    session = _session()
    described: dict[str, dict[str, dict[str, str]]] = {}
    for schema in SCHEMAS:
        for table in session.catalog.listTables(schema):
            columns = session.catalog.listColumns(f"{schema}.{table.name}")
            described.setdefault(schema, {})[table.name] = {column.name: column.dataType for column in columns}
    return described


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
