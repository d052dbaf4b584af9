"""What the pages are made of, without a browser: words where there is nothing to draw, tables, files, headers."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import dash
import pytest
from dash import dcc, html
from dash.development.base_component import Component
from flask.testing import FlaskClient

from dash_app import drill, exports
from dash_app.app import app
from dash_app.components.graph import SAFE_CONFIG
from dash_app.filters import parse
from dash_app.freshness import STALE_AFTER, freshness
from dash_app.queries import rows
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import Snapshot, SnapshotReader, current
from dash_app.views import VIEWS
from include.settings import Paths
from tests.dash_app.snapshots import (
    active_day,
    invitations,
    onboarding_week,
    publish,
    purchase,
    referral,
    scan_week,
    school,
    user,
)

LAST = date(2026, 3, 31)
WEEK_OF_SIGNUP = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def data_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def client() -> FlaskClient:
    return app.server.test_client()


def publish_busy(root: Path) -> None:
    publish(
        root,
        {
            "dim_school": [school(10, "=HYPERLINK(evil)", "CA"), school(11, "Elm", "AE")],
            "dim_user": [user(1, date(2026, 1, 5), 10)],
            "fct_purchase": [
                purchase("p1", 1, 10, LAST, "6.50"),
                purchase("p2", 1, 11, LAST, "1.00"),
                purchase("p3", 1, 11, date(2026, 1, 6), "2.00"),
            ],
            "fct_user_day": [active_day(1, LAST, contributing=True)],
            "fct_referral": [referral(1, LAST), referral(2, LAST, "converted")],
            "fct_onboarding_step": [
                *onboarding_week(WEEK_OF_SIGNUP, users=30, started=29, completed=25, qualified=20),
            ],
            "fct_referral_funnel_week": [
                invitations(WEEK_OF_SIGNUP, "sms", sent=40, clicked=20, applied=12, eligible=8),
                invitations(WEEK_OF_SIGNUP, "email", sent=10, clicked=4, applied=1, eligible=1),
            ],
            "fct_scan_funnel_week": [
                scan_week(WEEK_OF_SIGNUP, "ios", attempts=40, completed=36),
                scan_week(WEEK_OF_SIGNUP, "android", attempts=20, completed=15),
            ],
        },
        LAST,
    )


def publish_sample(root: Path) -> None:
    """As the client's sample: schools and users, and nothing happened."""
    schools = [school(n, f"School {n}", "NY") for n in range(7)]
    users = [user(n, date(2025, 6, 1), n % 7) for n in range(34)]
    publish(root, {"dim_school": schools, "dim_user": users}, LAST)


def page(name: str) -> Any:
    return next(entry for entry in dash.page_registry.values() if entry["path"] == VIEWS[name].path)


def body(name: str, **params: str) -> list[Component]:
    """What a view shows under the filters of a link."""
    module = __import__(page(name)["module"], fromlist=["build"])
    return list(module.build(current(), params, "light"))


def every(component: Any) -> Iterator[Component]:
    """A component and all that is in it."""
    if isinstance(component, list | tuple):
        for item in component:
            yield from every(item)
    elif isinstance(component, Component):
        yield component
        yield from every(getattr(component, "children", None))


def words(component: Any) -> str:
    """All text of a component."""
    if isinstance(component, Component):
        return words(getattr(component, "children", None))
    return " ".join(words(item) for item in component) if isinstance(component, list | tuple) else str(component or "")


def test_every_view_is_a_page_in_the_order_of_the_navigation() -> None:
    registered = [entry["path"] for entry in dash.page_registry.values() if "404" not in entry["module"]]
    assert registered == [view.path for view in VIEWS.values()]


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_says_so_when_nothing_is_published(name: str) -> None:
    module = __import__(page(name)["module"], fromlist=["update"])
    shown = module.answer(module.build)
    assert "Nothing has been published yet" in words(shown)


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_copes_with_a_snapshot_without_any_row(name: str, data_root: Path) -> None:
    publish(data_root, {}, LAST, without=["fct_rewards"])
    assert not [part for part in every(body(name)) if isinstance(part, dcc.Graph)], "no empty axes"
    assert words(body(name))


@pytest.mark.parametrize("name", VIEWS)
def test_every_graph_keeps_its_data_here_and_every_figure_has_definition_table_and_file(
    name: str, data_root: Path
) -> None:
    publish_busy(data_root)
    parts = [*every(body(name))]
    assert all(part.config == SAFE_CONFIG for part in parts if isinstance(part, dcc.Graph))
    assert SAFE_CONFIG["showSendToCloud"] is False
    figures = [
        part for part in parts if "figure-card" in (getattr(part, "className", "") or "") and hasattr(part, "id")
    ]
    assert figures
    for figure in figures:
        inside = [*every(figure)]
        if any("nothing" in (getattr(part, "className", "") or "") for part in inside):
            continue
        assert any(isinstance(part, html.Details) for part in inside), figure.id
        assert any(isinstance(part, html.A) and part.href.startswith("/export/") for part in inside), figure.id
        assert any("What “" in getattr(part, "aria-label", "") for part in inside), figure.id


def test_the_executive_view_shows_the_numbers_and_the_definition_from_the_warehouse(data_root: Path) -> None:
    publish_busy(data_root)
    shown = words(body("executive"))
    assert "2 purchases raised $7.50" in shown
    assert "Not on the map: Armed Forces Europe $1.00." in shown
    assert "What the purchase raised, USD." in shown


def test_the_clients_sample_is_told_in_words_and_ranked_by_people(data_root: Path) -> None:
    publish_sample(data_root)
    shown = words(body("executive"))
    assert "No purchase has been delivered yet, so nothing has been raised. 34 users and 7 schools are known." in shown
    assert "Schools by linked users" in shown
    assert "Nobody was active and nothing was bought" in shown


def test_filters_that_match_nothing_are_answered_in_words(data_root: Path) -> None:
    publish_busy(data_root)
    assert "Nothing was bought from" in words(body("executive", user_type="teacher"))


def test_a_snapshot_from_before_an_upgrade_says_what_fills_the_view(data_root: Path) -> None:
    publish(data_root, {}, LAST, without=["fct_retention_week"])
    module = __import__(page("product")["module"], fromlist=["update"])
    assert "This view fills with the next build" in words(module.answer(module.build, module.NEEDS))


def test_an_export_is_raw_numbers_under_the_filters_with_formulas_disarmed(
    client: FlaskClient, data_root: Path
) -> None:
    publish_busy(data_root)
    answer = client.get("/export/executive-schools.csv?period=7d&state=ca")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="executive-schools_2026-03-25_2026-03-31_CA.csv"'
    )
    rows = [*csv.DictReader(io.StringIO(answer.text))]
    assert [(row["school"], row["amount_raised_usd"]) for row in rows] == [("'=HYPERLINK(evil)", "6.5")]


def test_days_in_an_export_are_iso(client: FlaskClient, data_root: Path) -> None:
    publish_busy(data_root)
    rows = [*csv.DictReader(io.StringIO(client.get("/export/executive-trend.csv?period=7d").text))]
    assert [row["first_day"] for row in rows][:2] == ["2026-03-25", "2026-03-26"]


def test_the_rows_behind_a_number_are_listed_under_the_same_filters(client: FlaskClient, data_root: Path) -> None:
    publish_busy(data_root)
    link = "executive-raised?period=7d&state=ca"
    page = client.get(f"/rows/{link}")
    assert "25 Mar 2026 to 31 Mar 2026, schools in California only: 1 purchase, $6.50 raised for schools." in page.text
    assert 'href="/?period=7d&amp;state=CA">' in page.text
    assert 'href="/export/executive-raised-rows.csv?period=7d&amp;state=CA"' in page.text


def test_a_long_list_is_counted_in_the_snapshot_and_read_as_far_as_it_is_shown(
    client: FlaskClient, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_busy(data_root)
    monkeypatch.setattr(drill, "ROWS_SHOWN", 1)
    read: list[int] = []
    whole = Snapshot.read
    monkeypatch.setattr(Snapshot, "read", lambda *asked: (found := whole(*asked), read.append(len(found)))[0])
    page = client.get("/rows/executive-raised?period=all")
    assert "3 purchases, $9.50 raised for schools." in page.text
    assert "The first 1 are shown; the CSV file has all." in page.text
    assert page.text.count("<tr>") == 2
    assert "p1" in page.text, "the newest"
    assert max(read) == 2, "the schools, for the filter bar"


@pytest.mark.parametrize("name", rows.BEHIND)
def test_what_is_only_counted_is_not_sorted(data_root: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    publish_busy(data_root)
    snapshot, plans = current(), []
    whole = Snapshot.read

    def explained(self: Snapshot, sql: str, params: Any = None) -> Any:
        plans.append(whole(self, f"explain {sql}", params)["explain_value"].iloc[0])
        return whole(self, sql, params)

    filters, _ = parse({"period": "all"}, bounds(snapshot))
    monkeypatch.setattr(Snapshot, "read", explained)
    rows.behind(name, snapshot, filters)
    rows.totals(name, snapshot, filters)
    listed, counted = (plan.count("─ Order By ─") for plan in plans)
    assert counted == listed - 1, "what is left chooses the weeks"


def test_a_list_too_long_for_a_file_says_what_to_do_instead(
    client: FlaskClient, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_busy(data_root)
    for module in (drill, rows):
        monkeypatch.setattr(module, "ROWS_IN_FILE", 2)
    monkeypatch.setattr(drill, "ROWS_SHOWN", 1)
    page = client.get("/rows/executive-raised?period=all")
    assert "A CSV file takes 2 rows at most: choose a shorter period or a narrower filter for one." in page.text
    assert "rows-csv" not in page.text
    file = client.get("/export/executive-raised-rows.csv?period=all")
    assert file.status_code == 400
    assert "3 purchases are more rows than a file takes, 2. Choose a shorter period" in file.text
    assert "rows-csv" in client.get("/rows/executive-raised?period=7d").text
    assert client.get("/export/executive-raised-rows.csv?period=7d").status_code == 200


def test_a_list_of_rows_says_what_of_a_link_it_could_not_follow_and_runs_nothing_of_it(
    client: FlaskClient, data_root: Path
) -> None:
    publish_busy(data_root)
    page = client.get("/rows/executive-raised?state=%3Cscript%3E&school=1%3Bdrop")
    assert page.status_code == 200
    assert "“&lt;SCRIPT&gt;” is not a value of “state”" in page.text
    assert "<SCRIPT>" not in page.text
    assert client.get("/rows/executive-secrets").status_code == 404


def test_rows_are_answered_in_words_before_anything_is_published(client: FlaskClient) -> None:
    answer = client.get("/rows/executive-raised")
    assert (answer.status_code, "Nothing has been published yet" in answer.text) == (503, True)


@pytest.mark.parametrize("figure", exports.FIGURES)
def test_every_export_answers(client: FlaskClient, data_root: Path, figure: str) -> None:
    publish_busy(data_root)
    assert client.get(f"/export/{figure}.csv").status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/export/passwords.csv", 404, "There is no export of this name"),
        ("/export/executive-trend.csv?state=1%27%20or%201=1", 400, "is not a value of “state”"),
    ],
)
def test_an_export_that_cannot_be_given_says_why(client, data_root: Path, address: str, status: int, says: str) -> None:
    publish_busy(data_root)
    answer = client.get(address)
    assert answer.status_code == status
    assert says in answer.text


def test_health_says_whether_there_is_something_to_show(client: FlaskClient, data_root: Path) -> None:
    assert client.get("/healthz").status_code == 503
    publish_busy(data_root)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json()["build_id"] == "b1"


def test_data_is_stale_a_day_and_a_half_after_its_end(data_root: Path) -> None:
    publish_busy(data_root)
    reader = SnapshotReader(Paths(data_root).current)
    limit = datetime.combine(LAST, time.max) + STALE_AFTER
    assert freshness(reader, limit).level == "fresh"
    late = freshness(reader, limit + timedelta(hours=12, seconds=1))
    assert late.level == "stale"
    assert late.text == "Data to 31 Mar 2026 · published 1 Apr 2026 00:00 UTC · build b1 · 2 days old"


def test_headers_keep_a_page_to_itself(client: FlaskClient) -> None:
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_huge_request_is_refused(client: FlaskClient) -> None:
    answer = client.post("/_dash-update-component", data=json.dumps("x" * 2_000_000), content_type="application/json")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Origin": "http://evil.example"}, True),
        ({"Origin": "http://localhost:81"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, False),
        ({"Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({}, False),
    ],
)
def test_another_site_cannot_send_anything_in_a_readers_name(
    client: FlaskClient, headers: dict, is_refused: bool
) -> None:
    answer = client.post("/_dash-update-component", json={}, headers=headers)
    assert (answer.status_code == 403) == is_refused
    assert client.get("/healthz", headers=headers).status_code != 403, "links from other sites work"


def test_nothing_that_is_vendored_or_written_here_names_another_host() -> None:
    own = Path(__file__).parents[2] / "dash_app" / "assets" / "web"
    files = [file for file in own.iterdir() if file.suffix in (".js", ".css")]
    assert len(files) >= 4
    assert not [file.name for file in files if "http://" in file.read_text() or "https://" in file.read_text()]


def test_a_new_worker_is_ready_before_its_first_request() -> None:
    """Requests of a browser come twenty at once; none may find an app that is still setting itself up."""
    ready = "from dash_app.app import app; import sys; sys.exit('dash' not in app.registered_paths)"
    assert subprocess.run([sys.executable, "-c", ready], check=False).returncode == 0
