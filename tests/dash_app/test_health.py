"""The health of the data: what the page says is what lies in the snapshot's ops tables."""

from __future__ import annotations

import gzip
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from dash_app.app import app
from dash_app.components.health_kpis import headline
from dash_app.documents import DOCUMENTS, PATH, TABLES
from dash_app.filters import Filters
from dash_app.queries import health
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import current
from include.settings import Paths
from tests.dash_app.snapshots import Row, publish, purchase, user
from tests.dash_app.test_pages import body, every, words

LAST = date(2026, 3, 31)
TABLES_HREF = f"{PATH}{TABLES}"
NIGHT = datetime.combine(LAST + timedelta(days=1), time.min)
OLD = LAST - timedelta(days=60)
COMMAND = "python -m include.pipeline reprocess --start 2026-02-01 --end 2026-03-31"


def landed(table: str, day: date, rows: int, bad: int = 0, **more: Any) -> Row:
    return {
        "table_name": table, "ds": day, "file_name": "part-0.csv", "bytes": 100, "sha256": "ab" * 32,
        "row_count": rows, "rows_loaded": rows - bad, "rows_quarantined": bad, "state": "loaded",
        "loaded_at": NIGHT,
    } | more  # fmt: skip


ROWS = {
    "dim_user": [user(1, OLD)],
    "fct_purchase": [purchase("p", 1, -1, OLD, "1.00"), purchase("q", 1, -1, LAST, "1.00")],
    "ops.landing_files": [
        landed("events", LAST, 100, 4),
        landed("events", LAST - timedelta(days=1), 100),
        landed("users", LAST, 0, state="refused", row_count=None, reason="the header lacks email"),
        landed("users", LAST - timedelta(days=2), 5, missing_since=NIGHT),
        landed("events", OLD, 1000, 900),
    ],
    "ops.lateness_by_day": [
        {"table_name": "events", "ds": LAST, "rows_on_time": 90, "rows_late": 6, "rows_beyond": 4},
        {"table_name": "purchases", "ds": LAST, "rows_on_time": 10, "rows_late": 0, "rows_beyond": 0},
        {"table_name": "events", "ds": OLD, "rows_on_time": 1, "rows_late": 1, "rows_beyond": 1},
    ],
    "ops.beyond_window": [
        {"table_name": "events", "ds": LAST, "rows_beyond": 4, "command": COMMAND, "is_in_facts": False},
        {"table_name": "events", "ds": OLD, "rows_beyond": 1, "command": "other", "is_in_facts": True},
    ],
    "ops.schema_drift": [{"table_name": "users", "column_name": "nickname", "ds": LAST, "file_name": "part-0.csv"}],
    "ops.node_results": [
        {"unique_id": "model.carton_caps.dim_user", "resource_type": "model", "status": "success"},
        {"unique_id": "test.carton_caps.keys_are_there", "resource_type": "test", "status": "pass", "failures": 0},
        {"unique_id": "test.carton_caps.orphans.abc", "resource_type": "test", "status": "warn", "failures": 7},
    ],
    "fct_volume_day": [
        {"activity_date": LAST, "metric": "events.install", "actual": 3, "expected": 40.0, "lower": 20.0,
         "upper": 60.0, "is_anomaly": True, "rule": "outside_range"},
        {"activity_date": LAST, "metric": "purchases", "actual": 3, "is_anomaly": False},
    ],
}  # fmt: skip


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    publish(tmp_path, ROWS, LAST)
    return tmp_path


def asked():
    snapshot = current()
    return snapshot, Filters(LAST - timedelta(days=27), LAST), bounds(snapshot)


def page_text() -> str:
    return " ".join(words(body("health")).split())


def test_the_headline_names_all_that_wants_a_look(published: Path) -> None:
    said = page_text()
    assert (
        "To look at: 1 file refused, 1 file gone after the load, 1 test warned, 4 rows too late for the facts,"
        " 1 day with unusual numbers." in said
    )
    assert COMMAND in said
    assert "the header lacks email" in said


def test_a_sound_build_says_so(published: Path) -> None:
    snapshot, *rest = asked()
    run = health.run(snapshot).copy()
    run["warnings"] = 0
    kept = health.conformance(snapshot, *rest)[["files_refused", "files_missing"]] * 0
    nothing = health.beyond(snapshot).iloc[:0]
    assert "in the facts" in words(headline(run, kept, nothing, health.unusual(snapshot, *rest).iloc[:0]))


def test_conformance_counts_the_landing_days_of_the_period_alone(published: Path) -> None:
    rows = health.conformance(*asked()).set_index("table_name")
    files = [row for row in ROWS["ops.landing_files"] if row["table_name"] == "events" and row["ds"] > date(2026, 3, 1)]
    expected = [sum(row["row_count"] for row in files), sum(row["rows_quarantined"] for row in files), len(files)]
    assert [*rows.loc["events", ["row_count", "rows_quarantined", "files"]]] == expected == [200, 4, 2]
    assert (rows.loc["users", "files_refused"], rows.loc["users", "files_missing"]) == (1, 1)


def test_what_was_refused_or_has_gone_is_the_first_of_the_deliveries(published: Path) -> None:
    rows = health.deliveries(*asked())
    assert [*rows["state"]] == ["refused", "gone", "loaded", "loaded"]


def test_late_rows_are_added_up_by_landing_day(published: Path) -> None:
    rows = health.lateness(*asked())
    assert rows[["rows_on_time", "rows_late", "rows_beyond"]].to_numpy().tolist() == [[100, 6, 4]]


def test_days_to_mend_are_those_that_no_build_has_mended(published: Path) -> None:
    assert health.beyond(current())[["rows_beyond", "command"]].to_numpy().tolist() == [[4, COMMAND]]


def test_warnings_are_named_without_the_hash_of_dbt(published: Path) -> None:
    assert health.warnings(current())[["test", "failures"]].to_numpy().tolist() == [["orphans", 7]]


def test_only_unusual_days_of_the_period_are_listed(published: Path) -> None:
    assert [*health.unusual(*asked())["metric"]] == ["events.install"]


def test_columns_that_no_contract_names_are_listed(published: Path) -> None:
    assert health.drift(current())[["table_name", "column_name"]].to_numpy().tolist() == [["users", "nickname"]]
    assert "nickname" in page_text()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_page_leads_to_the_documents_whose_links_lead_to_their_headings(published: Path, name: str) -> None:
    href = f"/documents/{name}"
    assert href in [getattr(part, "href", None) for part in every(body("health"))]
    page = app.server.test_client().get(href)
    assert page.status_code == 200
    anchors = re.findall(r'href="#([^"]+)"', page.text)
    assert set(anchors) <= set(re.findall(r'id="([^"]+)"', page.text))
    assert "<table>" in page.text
    others = set(re.findall(r'<a href="(?!#|https?:)([^"#]+)', page.text)) - {"/data-health"}
    assert others <= {
        f"{PATH}{document}" for document in DOCUMENTS
    }  # any other address is answered by the app's own page


def test_a_document_that_is_not_there_is_answered_in_words() -> None:
    answer = app.server.test_client().get("/documents/health-passwords")
    assert (answer.status_code, "There is no document of this name" in answer.text) == (404, True)


class TestThePageOfTables:
    @pytest.fixture
    def built(self, published: Path) -> Path:
        file = Paths(published).docs_site
        file.parent.mkdir(parents=True)
        file.write_bytes(gzip.compress(b"<html>fct_referral</html>"))
        return file

    def test_data_health_leads_to_it_once_it_is_built(self, published: Path) -> None:
        hrefs = [getattr(part, "href", None) for part in every(body("health"))]
        assert TABLES_HREF not in hrefs
        assert "make docs" in page_text()

    def test_data_health_leads_to_the_built_page(self, built: Path) -> None:
        assert TABLES_HREF in [getattr(part, "href", None) for part in every(body("health"))]
        assert "make docs" not in page_text()

    def test_it_says_when_it_is_not_built(self, published: Path) -> None:
        answer = app.server.test_client().get(TABLES_HREF)
        assert (answer.status_code, "is built after a publication" in answer.text) == (404, True)

    @pytest.mark.parametrize("encoding", ["gzip", "identity"])
    def test_it_is_sent_as_the_browser_takes_it_and_not_twice(self, built: Path, encoding: str) -> None:
        client = app.server.test_client()
        answer = client.get(TABLES_HREF, headers={"Accept-Encoding": encoding})
        page = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
        assert (answer.mimetype, page) == ("text/html", b"<html>fct_referral</html>")
        assert (answer.headers.get("Content-Encoding") == "gzip") is (encoding == "gzip")
        known = {"Accept-Encoding": encoding, "If-None-Match": answer.headers["ETag"]}
        assert client.get(TABLES_HREF, headers=known).status_code == 304

    def test_only_it_may_run_its_scripts_and_those_reach_nothing_of_the_app(self, built: Path) -> None:
        client = app.server.test_client()
        policy = client.get(TABLES_HREF).headers["Content-Security-Policy"]
        assert "sandbox allow-scripts;" in policy
        assert "allow-same-origin" not in policy
        assert "connect-src" not in policy  # so default-src 'none' holds
        for other in ("/data-health", "/documents/health-runbook", "/documents/none"):
            kept = client.get(other).headers["Content-Security-Policy"]
            assert "unsafe-eval" not in kept, other
            assert "script-src 'self'" in kept, other
        assert client.get(TABLES_HREF).headers["X-Content-Type-Options"] == "nosniff"
