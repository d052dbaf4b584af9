from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.alerts.checks.late import late_findings
from include.serving.publish import publish
from include.settings import Paths
from include.warehouse import connect
from tests.support.builds import pretend_build

DAY = date(2026, 3, 20)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """One loaded day with two rows of 1 March, which no build has taken into the facts."""
    paths = Paths(tmp_path)
    pretend_build(paths, "b1", DAY, load_id=1)
    with connect(paths) as con:
        con.execute("insert into ops.lateness values ('events', ?, 1, 9, 0, 2, 0, null, '2026-03-01')", [DAY])
    return paths


def test_rows_beyond_the_window_are_a_finding_with_the_ready_made_command(paths: Paths):
    publish("b1", paths)
    (finding,) = late_findings(paths)
    assert finding.title.startswith("2 rows landed more than 7 days late")
    assert "python -m include.pipeline reprocess --start 2026-03-01 --end 2026-03-20" in finding.advice


def test_a_build_that_reaches_back_to_them_ends_the_finding(paths: Paths):
    pretend_build(paths, "b2", DAY, load_id=1)
    with connect(paths) as con:
        con.execute("update ops.builds set window_start = '2026-03-01' where build_id = 'b2'")
    publish("b2", paths)
    assert late_findings(paths) == ()
