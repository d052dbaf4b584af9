"""An answer is given again to whoever asks the same, and to nobody else."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dash_app import ids
from dash_app.app import app
from dash_app.queries.snapshot import cache_info
from include.reviews.landing import decide
from include.settings import Paths
from tests.dash_app.snapshots import active_day, publish, purchase, school, user

LAST = date(2026, 3, 31)
AS_OF = datetime.combine(LAST + timedelta(days=1), time.min)


@pytest.fixture(autouse=True)
def data_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    publish_raised(tmp_path, "6.50", "b1")
    return tmp_path


@pytest.fixture
def client() -> FlaskClient:
    return app.server.test_client()


def publish_raised(root: Path, usd: str, build_id: str) -> None:
    rows = {
        "dim_school": [school(10, "Elm", "CA")],
        "dim_user": [user(1, date(2026, 1, 5), 10)],
        "fct_purchase": [purchase("p1", 1, 10, LAST, usd)],
        "fct_user_day": [active_day(1, LAST, contributing=True)],
    }
    publish(root, rows, LAST, build_id)


def ask(client: FlaskClient, body: str = "executive-body", encoding: str = "", **values: Any) -> TestResponse:
    """The callback that fills the body of a view, as a browser asks for it."""
    output = f"{body}.children"
    known = app.callback_map[output]
    told = {ids.FILTERS: {}, ids.THEME: "light"} | values
    given = {kind: [one | {"value": told.get(one["id"], {})} for one in known[kind]] for kind in ("inputs", "state")}
    asked = {"output": output, "outputs": {"id": body, "property": "children"}, "changedPropIds": [], **given}
    answer = client.post("/_dash-update-component", json=asked, headers={"Accept-Encoding": encoding})
    assert answer.status_code == 200, answer.text
    return answer


def reads() -> int:
    """How often a query was asked of the cache of rows."""
    return cache_info().hits + cache_info().misses


def test_the_same_question_is_not_worked_out_again(client: FlaskClient) -> None:
    first, before = ask(client), reads()
    assert ask(client).data == first.data
    assert reads() == before


@pytest.mark.parametrize("other", [{ids.THEME: "dark"}, {ids.FILTERS: {"period": "7d"}}])
def test_another_question_has_another_answer(client: FlaskClient, other: dict[str, Any]) -> None:
    assert ask(client, **other).data != ask(client).data


def test_a_new_snapshot_has_new_answers(client: FlaskClient, data_root: Path) -> None:
    assert "6.5" in ask(client).text
    publish_raised(data_root, "8.25", "b2")
    assert "8.25" in ask(client).text


def test_who_cannot_read_what_is_compressed_gets_it_plain(client: FlaskClient) -> None:
    for _ in range(2):
        packed, plain = ask(client, encoding="gzip"), ask(client)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert json.loads(gzip.decompress(packed.data)) == json.loads(plain.data)
        assert "Accept-Encoding" in packed.headers["Vary"]


def test_the_review_is_drawn_anew_when_something_was_decided(client: FlaskClient, data_root: Path) -> None:
    first = ask(client, "trust-body")
    assert ask(client, "trust-body").data == first.data
    decide(Paths(data_root), AS_OF, "group-1", "held", "Looked into", "Eve")
    assert "1 decision pending" in ask(client, "trust-body").text


def test_what_is_kept_has_the_headers_of_every_answer(client: FlaskClient) -> None:
    first, again = ask(client), ask(client)
    assert {*first.headers.keys()} == {*again.headers.keys()}
    assert "default-src 'none'" in again.headers["Content-Security-Policy"]
