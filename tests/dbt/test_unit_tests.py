"""The unit tests of the dbt project: they judge the SQL on typed-in rows, so production builds leave them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.build import DBT_PROJECT
from include.settings import Paths
from include.warehouse import connect


@pytest.mark.slow
def test_every_dbt_unit_test_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    with connect(Paths(tmp_path)):
        pass
    options = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    options += ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]

    def dbt(*command: str) -> list:
        try:
            return list(dbtRunner().invoke(["--quiet", *command, *options]).result)
        finally:
            DuckDBConnectionManager.close_all_connections()

    dbt("seed")
    dbt("run", "--empty")  # unit tests ask the warehouse for the columns of their inputs
    results = dbt("test", "--select", "test_type:unit")
    verdicts = {result.node.name: str(result.status) for result in results if result.node.resource_type == "unit_test"}
    assert {name: verdict for name, verdict in verdicts.items() if verdict != "pass"} == {}
    assert len(verdicts) >= 60
