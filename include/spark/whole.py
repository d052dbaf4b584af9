"""A whole build with Spark: the core there, what lies above it in the warehouse, from Spark's Parquet files."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from include.build import BuildError, parsed_project, run_dbt
from include.settings import Paths
from include.spark.core import CoreTable, build_core, core_tables
from include.warehouse import connect

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from duckdb import DuckDBPyConnection


def build_on_spark(variables: dict[str, str], paths: Paths) -> None:
    """Build the core on Spark, bring it into the warehouse, build the rest there and test all of it.

    The tests run on what is published, those of the core included. A build that dies on the way leaves the warehouse's
    gold half old and half new, and no good record of itself: nothing of it is published, and the next one goes over it.

    Raises:
        BuildError: a model or an error-level test failed; names each one and its message.
        SparkError: Spark cannot run here, or did not build the core.
    """
    build_core(variables, paths)
    os.environ["CARTON_DATA_DIR"] = str(paths.root)  # dbt's profile reads it
    manifest = parsed_project(paths)
    if manifest is None:
        raise BuildError("dbt cannot read the project for DuckDB. What is wrong: make lint")
    built = _built_models(paths)
    with connect(paths) as con:
        bring_core([table for table in core_tables(paths) if table.name in built], manifest, con)
    above = [
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "model" and node.config.enabled and node.name not in built
    ]
    run_dbt(variables, paths, [*above, "resource_type:seed", "resource_type:test"])
    with connect(paths) as con:
        record_core(variables["build_id"], built, con)


def _built_models(paths: Paths) -> dict[str, dict[str, Any]]:
    """What Spark's dbt says of each model it built, by name."""
    file = paths.spark / "dbt" / "target" / "run_results.json"
    results = json.loads(file.read_text(encoding="utf-8"))["results"]
    models = [result for result in results if result["unique_id"].startswith("model.")]
    return {result["unique_id"].split(".")[-1]: result for result in models}


def bring_core(tables: list[CoreTable], manifest: Manifest, con: DuckDBPyConnection) -> None:
    """Put what Spark built where DuckDB's models look for it: gold as tables, silver as views of Spark's files.

    All of it or nothing. Gold's columns stand in the order of the contract and with its comments, as DuckDB's do.
    """
    nodes: dict[str, Any] = {node.name: node for node in manifest.nodes.values() if node.resource_type == "model"}
    con.execute("begin")
    try:
        for table in tables:
            _drop(con, table.schema, table.name)
            if table.schema == "gold":
                _copy(con, table, nodes[table.name])
            else:
                con.execute(f"create view {table.schema}.{table.name} as {table.query}")
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise


def _copy(con: DuckDBPyConnection, table: CoreTable, node: Any) -> None:
    name = f"{table.schema}.{table.name}"
    columns = []
    for column in node.columns.values():
        is_demanded = any(constraint.type == "not_null" for constraint in column.constraints)
        columns.append(f"{column.name} {column.data_type}{' not null' if is_demanded else ''}")
    con.execute(f"create table {name} ({', '.join(columns)})")
    con.execute(f"insert into {name} by name {table.query}")
    con.execute(f"comment on table {name} is {_quoted(node.description)}")
    for column in node.columns.values():
        con.execute(f"comment on column {name}.{column.name} is {_quoted(column.description)}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _drop(con: DuckDBPyConnection, schema: str, name: str) -> None:
    found = con.execute(
        "select table_type from information_schema.tables where table_schema = ? and table_name = ?", [schema, name]
    ).fetchone()
    if found:
        con.execute(f"drop {'view' if found[0] == 'VIEW' else 'table'} {schema}.{name}")


def record_core(build_id: str, built: dict[str, dict[str, Any]], con: DuckDBPyConnection) -> None:
    """Say in ``ops.build_nodes`` what became of the models that Spark built: DuckDB's dbt knows them as pending."""
    for result in built.values():
        con.execute(
            "update ops.build_nodes set status = ?, message = ?, execution_seconds = ?,"
            " finished_at = now()::timestamp where build_id = ? and unique_id = ?",
            [
                result["status"],
                f"on Spark: {result['message']}",
                result["execution_time"],
                build_id,
                result["unique_id"],
            ],
        )
