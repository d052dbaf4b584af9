"""What nobody expects, sent to every route and every callback: words and a 4xx at most, nothing given away or changed.

A callback that fails on a value still answers 200, with a message for the reader and a traceback in the log: here that
is a failure too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

import duckdb
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dash_app import exports, filters, network_view, scenario_view, trust_view
from dash_app.app import app
from dash_app.views import VIEWS
from include.settings import PROJECT_ROOT, Paths
from tests.browser.test_network import publish_network
from tests.dash_app.snapshots import GOLD, publish
from tests.dash_app.test_annotations import publish_figures_over_time
from tests.dash_app.test_pages import publish_busy
from tests.dash_app.test_trust_view import publish_cases

pytestmark = pytest.mark.slow

CALLBACK = "/_dash-update-component"
SQL = "'; drop table gold.dim_user; --"
TEXTS = {
    "sql": SQL,
    "sql union": "x' union select * from gold.dim_user --",
    "day of year 1": "0001-01-01",
    "day of a five-digit year": "99999-01-01",
    "no day": "2026-02-30",
    "negative": "-1",
    "more than 64 bits": "9" * 25,
    "more digits than Python reads": "9" * 5000,
    "greatest id": str(2**63 - 1),
    "infinite": "1e999",
    "nan": "nan",
    "digits of another script": "٣",
    "control characters": "\x00\x07\x1b[31m\r\nSet-Cookie: a=b",
    "right to left and more than two bytes": "\u202e🎒" * 20,
    "markup": "<script>alert(1)</script>",
    "a path": "../../../../etc/passwd",
    "long": "x" * 3000,
    "list of ids": ",".join(["1", SQL, "-5", "", "9" * 25] * 30),
    "empty": "",
    "blank": " \t ",
}
QUERIES = {
    "all there is": "from=0001-01-01&to=9999-12-31",
    "the year 9999": "from=9999-01-01&to=9999-12-31",
    "backwards": "from=2026-03-31&to=2026-03-01",
    "twice": "period=7d&period=28d&user_type=parent&user_type=teacher&case=group-1&case=group-2",
    "unknown": f"{quote(SQL)}=1&__class__=x&self=1&query=2&0=1",
    "no query at all": "&&&===;;?",
    "bytes that are no text": "state=%ff%fe&user=%ED%A0%80&case=%00&from=%",
    "not there": "user=987654321&school=987654321&case=group-987654321&page=99999",
    "everything open": "open=all&user=1",
}
#: Parts of a body that a page never sends; ``...``: left out.
SHAPES = (..., None, 7, "x", {}, [], [7], [None], [[]], [{}], [{"id": "x"}], [{"id": {"case": []}, "property": 7}])
OWN_PARAMS = (network_view.PARAMS, scenario_view.PARAMS, trust_view.PARAMS)
PARAMS = sorted({*filters.PARAMS}.union(*OWN_PARAMS))
#: What the browser may hold in its stores and fields: wrong types, parameters that are not there, and odd texts. Every
#: text in every parameter is for the files, which read parameters by the same functions: a whole page takes its time.
HELD: dict[str, Any] = (
    {
        "nothing": None, "true": True, "number": -1.5e308, "integer": 10**30, "text": SQL, "half a character": "\ud800",
        "list": [1, [2, None]], "empty list": [], "object": {"id": {"a": []}, "case": ["group-1"], "from": {}},
    }
    | {f"{name}, as lists": parse_qs(query) for name, query in QUERIES.items()}
    | {name: dict(parse_qsl(query)) for name, query in QUERIES.items()}
    | {
        f"texts, {turn} on": dict(zip(PARAMS, islice(cycle(TEXTS.values()), turn, None), strict=False))
        for turn in range(4)
    }
)  # fmt: skip
ROUTER = ".._pages_content.children..._pages_store.data.."
#: What would be read out of a place that is nobody's business.
GIVEN_AWAY = re.compile(rb"Traceback|site-packages|\.duckdb|\bFile \"|duckdb\.|Exception|[a-z]Error\b|root:x:")


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with one snapshot that has something for every view."""
    root = tmp_path_factory.mktemp("odd")
    publish_something_everywhere(root, tmp_path_factory.mktemp("parts"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARTON_DATA_DIR", str(root))
        yield root


@pytest.fixture(scope="module")
def client(data_root: Path) -> FlaskClient:
    return app.server.test_client()


@pytest.fixture(autouse=True)
def nothing_is_changed(data_root: Path) -> Iterator[None]:
    before = contents(data_root)
    yield
    assert contents(data_root) == before


def publish_something_everywhere(root: Path, parts: Path) -> None:
    """The snapshots of other tests, published below ``parts``, in one."""
    file = publish(root, {}, date(2026, 3, 31))
    with duckdb.connect(str(file)) as con:
        for fill in (publish_busy, publish_cases, publish_network, publish_figures_over_time):
            fill(parts / fill.__name__)
            con.execute(f"attach '{Paths(parts / fill.__name__).current.resolve()}' as part (read_only)")
            for table in GOLD:
                con.execute(f"insert into gold.{table} select * from part.gold.{table}")
            con.execute("detach part")


def contents(root: Path) -> dict[str, tuple[int, int]]:
    """File -> its size and when it was last written."""
    return {str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in root.rglob("*")}


def fault(answer: TestResponse, root: Path) -> str | None:
    """What is wrong with an answer, if anything."""
    body = answer.get_data()
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.status_code >= 400 and not body.strip():
        return f"{answer.status_code} without a word"
    told = [*{*GIVEN_AWAY.findall(body)}] + [
        place for place in (str(PROJECT_ROOT), str(root)) if place.encode() in body
    ]
    if answer.mimetype != "text/javascript" and told:
        return f"{answer.status_code} gives away {told}"
    return None


def faults(asked: dict[str, Callable[[], TestResponse]], root: Path) -> dict[str, str]:
    """Name of a request -> what is wrong with its answer; none is as it should be."""
    return {name: found for name, ask in asked.items() if (found := fault(ask(), root))}


def queries(params: tuple[str, ...] | list[str]) -> dict[str, str]:
    """Name -> query string: every odd text in every parameter at once, and SQL in each alone."""
    return (
        QUERIES
        | {name: urlencode(dict.fromkeys(params, text)) for name, text in TEXTS.items()}
        | {f"sql in {param}": urlencode({param: SQL}) for param in params}
    )


def getting(
    client: FlaskClient, path: str, params: tuple[str, ...] | list[str]
) -> dict[str, Callable[[], TestResponse]]:
    return {name: lambda query=query: client.get(f"{path}?{query}") for name, query in queries(params).items()}


def on_server() -> dict[str, dict[str, Any]]:
    """Output -> what a page would send, of every callback that asks the server."""
    answer = app.server.test_client().get("/_dash-dependencies").get_json()
    return {spec["output"]: body_of(spec) for spec in answer if not spec["clientside_function"]}


def body_of(spec: dict[str, Any]) -> dict[str, Any]:
    is_multi = spec["output"].startswith("..")
    names = spec["output"][2:-2].split("...") if is_multi else [spec["output"]]
    outputs = [entry(dict(zip(("id", "property"), name.rsplit(".", 1), strict=True))) for name in names]
    return {
        "output": spec["output"],
        "outputs": outputs if is_multi else outputs[0],
        "inputs": [entry(one) for one in spec["inputs"]],
        "state": [entry(one) for one in spec["state"]],
        "changedPropIds": [f"{one['id']}.{one['property']}" for one in spec["inputs"]],
    }


def entry(one: dict[str, Any]) -> Any:
    """One input, state or output; for a pattern the one component of it that the queue shows first."""
    if one["id"].startswith("{"):
        return [{"id": {"case": "group-1", "type": "trust-badge"}, "property": one["property"]}]
    return {"id": one["id"], "property": one["property"], "value": None}


def holding(body: dict[str, Any], value: Any) -> dict[str, Any]:
    """The same request with ``value`` in all that the browser holds."""
    return body | {part: [one | {"value": value} for one in body[part]] for part in ("inputs", "state")}


@pytest.mark.parametrize("path", [*(view.path for view in VIEWS.values()), "/_dash-layout", "/_dash-dependencies",
                                  "/healthz", "/_reload-hash", "/no/such/page", "/export/nothing.csv"])  # fmt: skip
def test_a_page_answers_whatever_its_address_says(client: FlaskClient, data_root: Path, path: str) -> None:
    assert faults(getting(client, path, PARAMS), data_root) == {}


@pytest.mark.parametrize("name", [*exports.FIGURES, *exports.CHOSEN])
def test_an_export_answers_whatever_is_asked_of_it(client: FlaskClient, data_root: Path, name: str) -> None:
    params = PARAMS if name in exports.CHOSEN else filters.PARAMS
    assert faults(getting(client, f"/export/{name}.csv", params), data_root) == {}


@pytest.mark.parametrize("param", PARAMS)
def test_sql_in_a_parameter_is_answered_as_text_that_is_no_value_of_it(client: FlaskClient, param: str) -> None:
    name = next((name for name in exports.CHOSEN if param in of_chosen(name)), "executive-schools")
    answer = client.get(f"/export/{name}.csv", query_string={param: SQL})
    assert answer.status_code == 400
    assert "“'; drop table gold.dim_user; -" in answer.text.lower()


def of_chosen(name: str) -> tuple[str, ...]:
    parse = exports.CHOSEN[name].parse
    return next(module.PARAMS for module in (network_view, scenario_view, trust_view) if module.parse is parse)


@pytest.mark.parametrize("path", [
    "/export/%00.csv", "/export/..%2f..%2fetc%2fpasswd.csv", f"/export/{quote(SQL)}.csv", f"/export/{'x' * 5000}.csv",
    "/assets/%00", "/assets/..%2f..%2fapp.py", "/assets/../app.py", f"/assets/{'x' * 5000}.css", "/static/x",
    "/_dash-component-suites/os/path.js", "/_dash-component-suites/dash/../app.py", "/_dash-component-suites/dash/%00",
    "/_dash-component-suites/dash_app/app.py", "/%ff%fe", f"/{quote(SQL)}", "/" + "x/" * 2000, "//evil.example/%0d%0a",
    "/trust-safety/../../etc/passwd", "/_dash-update-component", "/_dash-update-component/x", "/log-in", "/log-out",
    "/_favicon.ico", "/assets/web/filters.js", "/_dash-layout/", "/healthz/x",
])  # fmt: skip
def test_an_address_that_is_none_is_answered(client: FlaskClient, data_root: Path, path: str) -> None:
    answer = client.get(path)
    assert fault(answer, data_root) is None
    assert b"from flask import" not in answer.get_data(), "no source"


@pytest.mark.parametrize("rule", sorted({rule.rule for rule in app.server.url_map.iter_rules()}))
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "X" * 300])
def test_a_method_that_does_not_belong_is_refused(client: FlaskClient, data_root: Path, rule: str, method: str) -> None:
    answer = client.open(re.sub("<[^>]+>", "x", rule), method=method)
    assert fault(answer, data_root) is None
    assert answer.status_code in (400, 404, 405, 415)


@pytest.mark.parametrize("rule", sorted({rule.rule for rule in app.server.url_map.iter_rules()}))
def test_sixty_megabytes_are_not_taken(client: FlaskClient, data_root: Path, rule: str) -> None:
    path = re.sub("<[^>]+>", "x", rule)
    answer = client.post(path, data=b"[" * 60_000_000, content_type="application/json")
    assert fault(answer, data_root) is None
    assert answer.status_code == (413 if path == CALLBACK else 405)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"7", b'"x"', b"NaN", b"\xff\xfe\x00", b"9" * 5000, b"{}", b'{"output": null}',
        b'{"output": ["x"]}', b'{"output": {}}', b'{"output": "x.y"}', b'{"output": "' + SQL.encode() + b'"}',
        b'{"output": "shell-theme.data"}', b'{"output": "product-body.children"}', b"[" * 100_000,
        b'{"a":' * 900 + b"1" + b"}" * 900, b'{"output": "product-body.children", "output": 1}',
    ],
    ids=lambda body: repr(body[:40]),
)  # fmt: skip
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_no_page_sends_is_refused(
    client: FlaskClient, data_root: Path, body: bytes, content_type: str
) -> None:
    answer = client.post(CALLBACK, data=body, content_type=content_type)
    assert fault(answer, data_root) is None
    assert answer.status_code == (400 if content_type == "application/json" else 415)


def test_a_store_nested_deeper_than_any_page_is_refused_before_somebody_walks_through_it(client: FlaskClient) -> None:
    body, nested = on_server()["product-body.children"], {}
    assert client.post(CALLBACK, json=holding(body, nested)).status_code == 200
    for _ in range(300):
        nested = {"user_type": nested}
    assert client.post(CALLBACK, json=holding(body, nested)).status_code == 400


@pytest.mark.parametrize("output", on_server())
def test_a_callback_refuses_what_has_not_its_shape(client: FlaskClient, data_root: Path, output: str) -> None:
    body = on_server()[output]
    assert client.post(CALLBACK, json=body).status_code in (200, 204), "as a page sends it"
    wrong = {
        f"{part} {shape!r}": {key: value for key, value in (body | {part: shape}).items() if value is not ...}
        for part in ("outputs", "inputs", "state", "changedPropIds")
        for shape in (*SHAPES, *([body[part] * 2, [*body[part], 7]] if isinstance(body[part], list) else []))
    }
    asked = {name: lambda odd=odd: client.post(CALLBACK, json=odd) for name, odd in wrong.items()}
    assert faults(asked, data_root) == {}


@pytest.mark.parametrize("output", on_server())
def test_a_callback_answers_whatever_the_browser_holds(
    client: FlaskClient, data_root: Path, output: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = on_server()[output]
    # what Dash's own callback fails on is in its traceback, and no report of a test can carry half a character
    held = {name: odd for name, odd in HELD.items() if output != ROUTER or "half a character" not in name}
    asked = {name: lambda odd=odd: client.post(CALLBACK, json=holding(body, odd)) for name, odd in held.items()}
    with caplog.at_level(logging.ERROR):
        assert faults(asked, data_root) == {}
    failed = [record.exc_text for record in caplog.records]
    assert failed == [] or output == ROUTER, "Dash's own callback fails on what is no address; on_error answers for it"


@pytest.mark.parametrize("path", [*(view.path for view in VIEWS.values()), "/no/such/page", "/" + SQL])
def test_every_layout_is_made_whatever_the_address_says(
    client: FlaskClient, data_root: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = on_server()[ROUTER]
    for query in queries(PARAMS).values():
        pathname, search = body["inputs"]
        located = [pathname | {"value": path}, search | {"value": f"?{query}"}]
        answer = client.post(CALLBACK, json=body | {"inputs": located})
        assert fault(answer, data_root) is None, query
        assert "page-title" in answer.text, query
    assert [record.exc_text for record in caplog.records if record.levelno >= logging.ERROR] == []
