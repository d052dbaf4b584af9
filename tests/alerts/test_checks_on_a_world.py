"""The checks on a published world of five weeks whose last day came without purchases."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from include.alerts.checks import findings
from include.alerts.finding import Severity
from include.generator.config import SimulationConfig
from include.generator.simulate import write_days
from include.pipeline import run
from include.settings import Paths

pytestmark = pytest.mark.slow
FIRST, LAST = date(2026, 2, 1), date(2026, 3, 8)


def lose(table: str, day: date, paths: Paths) -> None:
    """Take a table's files out of a landing day, and out of its manifest."""
    shutil.rmtree(paths.landing / table / f"ds={day}")
    manifest = paths.landing / "_SUCCESS" / f"ds={day}"
    files = [file for file in json.loads(manifest.read_text("utf-8"))["files"] if not file["path"].startswith(table)]
    manifest.write_text(json.dumps({"files": files}), encoding="utf-8")


def test_a_lost_table_is_found_by_its_files_and_by_its_numbers(tmp_path: Path):
    paths = Paths(tmp_path)
    write_days(FIRST, LAST, SimulationConfig(users=250, epoch=FIRST, incidents=()), paths)
    lose("purchases", LAST, paths)
    run(FIRST, LAST, paths, source="landing")

    noon_after = datetime.combine(LAST, datetime.min.time()) + timedelta(hours=36)
    found = {finding.key: finding for finding in findings(paths, noon_after)}
    assert found["file_missing:purchases"].severity == Severity.CRITICAL
    volume = found["volume:purchases"]
    assert volume.advice.startswith(("Nothing came.", "Nearly everything is missing."))
    assert volume.expected is not None
    assert volume.expected > 8
    assert len(volume.history) == (LAST - FIRST).days + 1
    assert {segment.dimension for segment in volume.segments} <= {"school"}
    assert "file_missing:events" not in found
    assert "volume:events" not in found
    assert "freshness" not in found
