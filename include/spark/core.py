"""The core of the project on Spark: building it, and reading what was built."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from include.build_failures import explain
from include.errors import CartonCapsError
from include.process import end_with_parent
from include.settings import PROJECT_ROOT, Paths
from include.settings_list import value
from include.spark.raw_export import export_raw
from include.warehouse import connect

#: Spark's types whose name DuckDB does not know.
_DUCKDB_TYPES = {"string": "varchar", "timestamp_ntz": "timestamp"}


class SparkError(CartonCapsError):
    """Spark cannot run here, or it did not build the core."""


@dataclass(frozen=True)
class CoreTable:
    """One table that Spark built: ``columns`` are name -> DuckDB type, ``files`` the Parquet files of its rows."""

    schema: str
    name: str
    columns: Mapping[str, str]
    files: str
    is_empty: bool

    @property
    def query(self) -> str:
        """Its rows, as DuckDB reads them."""
        if self.is_empty:
            nulls = ", ".join(f"cast(null as {type_}) as {name}" for name, type_ in self.columns.items())
            return f"select {nulls} where false"
        casts = ", ".join(f"cast({name} as {type_}) as {name}" for name, type_ in self.columns.items())
        # the days stand in the folders' names
        return (
            f"select {casts} from read_parquet('{self.files.replace(chr(39), chr(39) * 2)}', hive_partitioning = true)"
        )


def spark_python() -> Path:
    """The interpreter of the Spark environment: ``CARTON_SPARK_PYTHON``, else that of ``make spark-setup``."""
    return Path(value("CARTON_SPARK_PYTHON") or PROJECT_ROOT / ".venv-spark" / "bin" / "python")


def what_spark_lacks() -> str | None:
    """What must be installed before Spark can run here, and how; None when all is there."""
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        return (
            "There is no Java. On Debian, as root: make spark-setup; or set JAVA_HOME to a Java of version 17 or later."
        )
    if not spark_python().exists():
        return f"There is no Spark environment at {spark_python()}. Make it: make spark-setup"
    return None


def last_build_id(paths: Paths) -> str | None:
    """The build for which Spark last worked on its tables, whatever became of it; None when it never did."""
    try:
        return (paths.spark / "build_id").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def build_core(variables: Mapping[str, str], paths: Paths) -> None:
    """Export what is new of ``raw`` and build the core with dbt's target ``spark``, in a process of its own.

    Its tables are Parquet files below ``spark/warehouse``. Data tests run later, on what is published.

    Raises:
        SparkError: Java or the environment is missing, or a model failed; names each one and its message.
        DiskNearlyFullError: there is no room for the exported rows.
    """
    from include.build import DBT_PROJECT

    if lacking := what_spark_lacks():
        raise SparkError(f"Spark cannot run here. {lacking}\nOr build with DuckDB: CARTON_ENGINE=duckdb")
    with connect(paths) as con:
        raw = export_raw(con, paths)
    target, logs = paths.spark / "dbt" / "target", paths.spark / "dbt" / "logs"
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    options = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target", "spark"]
    options += ["--vars", json.dumps(dict(variables)), "--target-path", str(target), "--log-path", str(logs)]
    options += ["--log-level-file", "info"]
    build = ["--selector", "core", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    if variables.get("full_refresh") == "true":
        build.append("--full-refresh")
    request = {
        "options": options,
        "build": build,
        "raw": {"tables": raw, "location": str(paths.spark / "raw")},
        "warehouse": str(paths.spark / "warehouse"),
        "tables": str(paths.spark / "tables.json"),
    }
    paths.spark.mkdir(parents=True, exist_ok=True)
    request_file, output = paths.spark / "request.json", paths.spark / "session.log"
    request_file.write_text(json.dumps(request), encoding="utf-8")
    (paths.spark / "build_id").write_text(variables["build_id"], encoding="utf-8")
    with output.open("w", encoding="utf-8") as written:
        # in the folder of the data: Derby writes its log where it runs
        process = subprocess.run(
            [str(spark_python()), "-m", "include.spark.session", str(request_file)],
            cwd=paths.spark,
            env=os.environ | {"CARTON_DATA_DIR": str(paths.root), "PYTHONPATH": str(PROJECT_ROOT)},
            stdout=written,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent,
            check=False,
        )
    failed = explain(results, paths) if results.exists() else None
    if failed or process.returncode:
        what = failed or output.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SparkError(
            f"Spark did not build the core.\n{what}\nWhat it wrote: {output}; the whole log: {logs / 'dbt.log'}"
        )


def core_tables(paths: Paths) -> list[CoreTable]:
    """Every table of ``silver`` and ``gold`` that Spark has built, by name."""
    described: dict[str, dict[str, dict[str, str]]] = json.loads(
        (paths.spark / "tables.json").read_text(encoding="utf-8")
    )
    tables = []
    for schema, names in sorted(described.items()):
        for name, columns in sorted(names.items()):
            folder = paths.spark / "warehouse" / f"{schema}.db" / name
            tables.append(
                CoreTable(
                    schema,
                    name,
                    {column: _DUCKDB_TYPES.get(type_, type_) for column, type_ in columns.items()},
                    f"{folder}/**/*.parquet",
                    next(folder.rglob("*.parquet"), None) is None,
                )
            )
    return tables
