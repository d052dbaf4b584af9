from __future__ import annotations

from pathlib import Path

import pytest

from include.ingest.check import check
from include.ingest.errors import IngestError
from tests.ingest.landed import EVENT, USER, Landing


def test_check_reports_what_a_load_would_meet_and_loads_nothing(landing: Landing):
    events = landing.put("events", f"{EVENT},mood\ne1,1,install,2026-03-10,glad\ne2,x,install,2026-03-10,\n")
    landing.put("users", "gone\n")
    landing.complete_with_manifest({events: 3})
    report = check(landing.paths.landing)
    text = report.text()
    assert not report.is_clean
    assert "1 rows keep their contract, 1 would go to quarantine, 1 files would be refused" in text
    assert "1 x user_id is not a whole number" in text
    assert "users/ds=2026-03-10/part-0.csv: REFUSED" in text
    assert "users/ds=2026-03-10/part-0.csv is present but not listed" in text
    assert "has 2 rows, the manifest says 3" in text
    assert "extra columns: mood" in text
    assert not landing.paths.warehouse.exists()


def test_a_sound_folder_is_clean_even_before_it_is_complete(landing: Landing):
    landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n")
    report = check(landing.paths.landing)
    assert report.is_clean
    assert "not complete" in report.text()
    assert check(landing.paths.root).is_clean  # the data root is understood too


def test_a_folder_without_landing_files_is_named(tmp_path: Path):
    with pytest.raises(IngestError, match="no landing folder"):
        check(tmp_path)
