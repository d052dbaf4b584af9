"""A decision goes the whole way: out of the app, through a real load and build, into gold, and is pending no more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from dash_app.pending import pending
from dash_app.queries.snapshot import current
from include.pipeline import run
from include.reviews.landing import decide
from include.settings import Paths
from tests.support.small_client import FIRST, SECOND, land_first_day, land_second_day

pytestmark = pytest.mark.slow


def test_a_decision_is_pending_until_the_next_run_and_then_in_gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    paths = Paths(tmp_path)
    land_first_day(paths)
    run(FIRST, FIRST, paths, source="landing")
    as_of = current().stamp["as_of"]
    for verdict in ("held", "confirmed"):
        decide(paths, as_of, "referral-7", verdict, f"{verdict}, because", "Ann")
    assert pending(current())["referral-7"].decision == "confirmed"

    land_second_day(paths)
    run(SECOND, SECOND, paths, source="landing")
    assert pending(current()) == {}
    last_moment = datetime.combine(SECOND, datetime.max.time())
    in_gold = current().read("select case_id, decision, reason, decided_at from gold.fct_review_decision")
    assert in_gold.values.tolist() == [["referral-7", "confirmed", "confirmed, because", last_moment]], (
        "the clock is past this day: both have its last moment, and the later file counts"
    )
