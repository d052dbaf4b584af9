"""What a build is planned to cover, after builds that ended well and others that did not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.build import plan
from include.settings import Paths
from include.warehouse import connect
from tests.support.builds import pretend_build

DAY = date(2026, 3, 1)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """One day, loaded and built."""
    paths = Paths(tmp_path)
    pretend_build(paths, "first", DAY, load_id=1)
    return paths


def full_refresh(paths: Paths, build_id: str, status: str) -> None:
    pretend_build(paths, build_id, DAY, load_id=1, status=status)
    with connect(paths) as con:
        con.execute("update ops.builds set full_refresh = true where build_id = ?", [build_id])


def is_planned_from_scratch(paths: Paths) -> bool:
    return plan(DAY, DAY, "run", paths)["full_refresh"] == "true"


def test_a_day_after_a_good_build_is_an_increment(paths: Paths):
    assert not is_planned_from_scratch(paths)


def test_a_full_refresh_that_did_not_end_well_is_made_up_for_by_the_next_build(paths: Paths):
    full_refresh(paths, "broken", "fail")
    assert is_planned_from_scratch(paths)
    full_refresh(paths, "mended", "success")
    assert not is_planned_from_scratch(paths)


def test_an_increment_that_did_not_end_well_wants_no_full_refresh(paths: Paths):
    pretend_build(paths, "broken", DAY, load_id=1, status="fail")
    assert not is_planned_from_scratch(paths)
