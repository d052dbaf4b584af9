"""A small world without anything that may restate the past, built, grown by 30 days and built again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from include.build import plan, run_dbt
from include.generator.config import SimulationConfig
from include.generator.schemes import SCHEMES
from include.generator.simulate import write_days
from include.ingest.load import load_days
from include.settings import Paths

FIRST_DAY = date(2025, 3, 3)
DAYS, LATER_DAYS = 95, 30
#: No row beyond the lateness window, no corrected user, no shared identity: whatever moves then is a mistake of ours.
CONFIG = SimulationConfig(
    users=120, seed=11, epoch=FIRST_DAY, very_late_rate=0.0, correction_rate=0.0, incidents=(),
    scheme_shares=tuple((scheme.name, 0.0) for scheme in SCHEMES[1:]), file_format="parquet",
)  # fmt: skip


@dataclass(frozen=True)
class GrownWorld:
    """Gold as it was before the 30 days, by table, and the warehouse after them."""

    before: dict[str, pd.DataFrame]
    warehouse: Path


@pytest.fixture(scope="session")
def grown_world(tmp_path_factory: pytest.TempPathFactory) -> GrownWorld:
    paths = Paths(tmp_path_factory.mktemp("grown"))
    days = [FIRST_DAY + timedelta(days=number) for number in range(DAYS + LATER_DAYS)]
    build_days(paths, days[0], days[DAYS - 1])
    with duckdb.connect(str(paths.warehouse), read_only=True) as con:
        names = con.execute("select table_name from duckdb_tables() where schema_name = 'gold'").fetchall()
        before = {name: con.execute(f"select * from gold.{name}").df() for (name,) in names}
    build_days(paths, days[DAYS], days[-1])
    return GrownWorld(before, paths.warehouse)


def build_days(paths: Paths, first: date, last: date) -> None:
    write_days(first, last, CONFIG, paths)
    load_days(first, last, paths)
    run_dbt(plan(first, last, "run", paths), paths)
