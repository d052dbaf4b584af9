"""The first day of the small client, run once for all tests that begin after it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from include.pipeline import run
from include.settings import Paths
from tests.support.small_client import FIRST, land_first_day


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """An empty data root."""
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path / "data"))
    return Paths(tmp_path / "data")


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data root after the first day's run; not to be changed."""
    paths = Paths(tmp_path_factory.mktemp("first-day") / "data")
    land_first_day(paths)
    run(FIRST, FIRST, paths, source="landing")
    return paths.root


@pytest.fixture
def after_first_day(paths: Paths, first_day: Path) -> Paths:
    """A data root of the test's own, after the first day's run."""
    shutil.copytree(first_day, paths.root, symlinks=True)
    return paths
