"""The client's data goes through import, run and publish; the executive view's own queries then show it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.pipeline import main
from include.settings import Paths
from tests.support.client_base import csv_folder, database

pytestmark = pytest.mark.slow
DAY = date(2026, 3, 1)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path / "data"))
    return Paths(tmp_path / "data")


def executive_numbers(paths: Paths) -> dict[str, float]:
    """What the KPI cards show for all time."""
    from dash_app import filters
    from dash_app.queries import coverage, executive
    from dash_app.queries.snapshot import SnapshotReader

    snapshot = SnapshotReader(paths.current).current()
    bounds = coverage.bounds(snapshot)
    everything, notices = filters.parse({"period": "all"}, bounds)
    assert notices == []
    return executive.kpis(snapshot, everything, bounds).to_dict()


def test_the_sqlite_base_shows_up_in_the_executive_view(paths: Paths, tmp_path: Path):
    file = database(tmp_path / "base.sqlite")
    assert main(["import-sqlite", str(file), "--ds", str(DAY)]) == 0
    assert main(["run", "--source", "landing", "--start", str(DAY), "--end", str(DAY)]) == 0
    numbers = executive_numbers(paths)
    assert numbers["purchases"] == 1  # the others name an unknown product or lie in the future, and are in quarantine
    assert numbers["raised"] == pytest.approx(2.35 * 3 * 0.01)


def test_a_folder_of_csv_files_shows_up_in_the_executive_view(paths: Paths, tmp_path: Path):
    folder = csv_folder(tmp_path / "dump")
    assert main(["import-csv", str(folder), "--ds", str(DAY)]) == 0
    assert main(["run", "--source", "landing", "--start", str(DAY), "--end", str(DAY)]) == 0
    numbers = executive_numbers(paths)
    assert numbers["purchases"] == 2
    assert numbers["raised"] == pytest.approx(12.0)
