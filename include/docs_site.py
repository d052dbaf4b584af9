"""The dbt docs site, catalogue and lineage, as one page that opens offline: ``python -m include.docs_site``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from include.build import DBT_PROJECT, BuildError
from include.settings import Paths, data_dir


def build_docs_site(paths: Paths) -> Path:
    """Write the site below the data root and return its page.

    Raises:
        BuildError: dbt could not make it.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from include.warehouse import connect

    with connect(paths):
        pass  # an empty warehouse has a catalogue too
    target = paths.root / "dbt" / "docs"
    os.environ["CARTON_DATA_DIR"] = str(paths.root)
    folders = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target-path", str(target)]
    try:
        result = dbtRunner().invoke(
            ["--quiet", "docs", "generate", "--static", *folders, "--log-path", str(paths.root / "dbt" / "logs")]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not result.success:
        raise BuildError(f"dbt could not make its docs ({result.exception}). Its log is below {paths.root / 'dbt'}.")
    return target / "static_index.html"


if __name__ == "__main__":
    sys.stdout.write(f"{build_docs_site(data_dir())}\n")
