"""Who comes in and what they may have; with access on, each route is asked without a browser."""

from __future__ import annotations

import csv
import inspect
import io
import re
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import dash
import pytest
from dash import Dash, html
from flask import request
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash

from dash_app.access import gate, people
from dash_app.access.__main__ import main
from dash_app.access.scope import view_of
from dash_app.access.settings import AccessError, Settings, from_env
from dash_app.app import create_app
from dash_app.components import decision_form as form
from dash_app.components.tree_graph import tree_area
from dash_app.exports import FIGURES
from dash_app.network_view import NetworkView
from dash_app.queries import referral_tree
from dash_app.queries.snapshot import current
from dash_app.views import VIEWS
from tests.dash_app.snapshots import publish, together, tree_of

PASSWORD = "correct horse battery"
KEY = "k" * 32
HASHED = generate_password_hash(PASSWORD, method="pbkdf2:sha256:1000")

#: A case against user 2.
CONFIRMED = {
    "fct_review_case": [{"case_id": "a", "state": "confirmed"}],
    "fct_review_case_member": [{"case_id": "a", "entity_type": "user", "entity_id": 2}],
}


def write_people(file: Path, limits: str = 'trust = ["trust"]\ndecisions = ["lead"]') -> Path:
    file.write_text(
        f"[limits]\n{limits}\n"
        f'[people.ann]\npassword = "{HASHED}"\ngroups = ["trust"]\n'
        f'[people.bob]\npassword = "{HASHED}"\n',
        encoding="utf-8",
    )
    return file


@pytest.fixture(autouse=True)
def data_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_people(tmp_path / "people.toml")


@pytest.fixture
def make_app(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """The app under other settings; Dash keeps pages and callbacks for the process, so they are put back."""
    layouts = {name: page["layout"] for name, page in dash.page_registry.items()}

    def make(settings: Settings) -> Dash:
        monkeypatch.setattr("dash_app.access.settings.from_env", lambda: settings)
        return create_app()

    yield make
    for name, layout in layouts.items():
        dash.page_registry[name]["layout"] = layout


@pytest.fixture
def app(make_app, file: Path) -> Dash:
    return make_app(Settings("people", file, KEY))


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    return app.server.test_client()


def log_in(client: FlaskClient, name: str, password: str = PASSWORD, target: str = "/"):
    return client.post(f"/log-in?next={target}", data={"name": name, "password": password})


def routes(app: Dash) -> list[str]:
    """Every rule of the server with something in its blanks."""
    rules = {re.sub(r"<[^>]+>", "x", rule.rule) for rule in app.server.url_map.iter_rules()}
    return sorted(rules | {view.path for view in VIEWS.values()} | {"/export/executive-kpis.csv"})


class TestWithoutLogIn:
    def test_every_route_but_health_answers_401(self, app: Dash, client: FlaskClient):
        asked = routes(app)
        assert len(asked) > 15
        found = {path: {client.get(path).status_code, client.post(path).status_code} for path in asked}
        let_through = {path for path, codes in found.items() if codes != {401}}
        assert let_through == {gate.HEALTH}

    def test_health_says_how_the_app_is(self, client: FlaskClient):
        assert client.get(gate.HEALTH).status_code == 503  # up, and nothing published
        assert client.get(gate.HEALTH).get_json()["state"] == "missing"

    def test_a_browser_gets_the_form_and_it_comes_back_to_where_one_wanted_to_go(self, client: FlaskClient):
        answer = client.get("/product?period=7d", headers={"Accept": "text/html"})
        assert answer.status_code == 401
        assert 'action="/log-in?next=/product%3Fperiod%3D7d"' in answer.text
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]

    def test_a_session_signed_with_another_key_is_nobodys(self, make_app, file: Path, client: FlaskClient):
        other = make_app(Settings("people", file, "o" * 32)).server.test_client()
        log_in(other, "ann")
        cookie = other.get_cookie("carton_caps_session")
        client.set_cookie("carton_caps_session", cookie.value)
        assert client.get("/").status_code == 401


class TestLoggingIn:
    def test_the_right_password_leads_to_the_page_asked_for(self, client: FlaskClient):
        answer = log_in(client, "ann", target="/product")
        assert (answer.status_code, answer.location) == (302, "/product")
        assert client.get("/product").status_code == 200
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie

    @pytest.mark.parametrize(("name", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("", ""), ("ann", "")])
    def test_anything_else_does_not(self, client: FlaskClient, name: str, password: str):
        answer = log_in(client, name, password)
        assert answer.status_code == 401
        assert client.get("/").status_code == 401

    def test_somebody_without_a_password_in_the_file_cannot_log_in(self, client: FlaskClient, file: Path):
        file.write_text("[people.cy]\n", encoding="utf-8")
        assert log_in(client, "cy", "").status_code == 401
        assert log_in(client, "cy", "nobody's").status_code == 401

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/%09/evil.example/x",
            "/%0A/evil.example/x",
            "/%0D%0ASet-Cookie:x",
            "%09//evil.example",
        ],
    )
    def test_nobody_is_led_elsewhere(self, client: FlaskClient, target: str):
        answer = log_in(client, "ann", target=target)
        assert (answer.status_code, answer.location) == (302, "/")

    @pytest.mark.parametrize("path", ["/%09/evil.example/x", "/%0A/evil.example/x"])
    def test_nor_by_the_form_of_a_page_that_is_no_page(self, client: FlaskClient, path: str):
        assert 'action="/log-in?next=/"' in client.get(path, headers={"Accept": "text/html"}).text

    def test_a_page_with_filters_is_found_again(self, client: FlaskClient):
        target = "/network-effects?period=7d&school=Caf%C3%A9"
        assert log_in(client, "ann", target=quote(target)).location == target

    def test_guessing_ends_after_ten_attempts(self, client: FlaskClient):
        codes = [log_in(client, "ann", "wrong").status_code for _ in range(11)]
        assert codes == [401] * 10 + [429]
        assert log_in(client, "bob").status_code == 302
        told = {"data": {"name": "ann", "password": PASSWORD}, "environ_base": {"REMOTE_ADDR": "10.1.2.3"}}
        assert client.post("/log-in", **told).status_code == 302, "nobody locks somebody else out"

    def test_ever_new_names_end_too_before_they_cost_anything(
        self, make_app, file: Path, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(gate, "GUESSES_FROM_ADDRESS", "3 per minute")
        client = make_app(Settings("people", file, KEY)).server.test_client()
        compared = []
        monkeypatch.setattr(gate, "check_password_hash", lambda *_: compared.append(1))
        answers = [log_in(client, f"nobody{number}") for number in range(5)]
        assert [answer.status_code for answer in answers] == [401] * 3 + [429] * 2
        assert "Too many attempts. Wait a minute." in answers[-1].text
        assert len(compared) == 3
        elsewhere = {"REMOTE_ADDR": "10.1.2.3"}
        assert client.post("/log-in", data={"name": "bob"}, environ_base=elsewhere).status_code == 401

    def test_a_name_longer_than_names_are_is_counted_by_its_beginning(self, client: FlaskClient):
        codes = [log_in(client, f"{'a' * 64}{number}").status_code for number in range(11)]
        assert codes == [401] * 10 + [429]

    def test_a_broken_file_is_no_fault_of_who_logs_in(self, client: FlaskClient, file: Path):
        file.write_text("[people", encoding="utf-8")
        answer = log_in(client, "ann")
        assert (answer.status_code, "Access is not set up rightly" in answer.text) == (503, True)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]

    def test_logging_out_ends_it(self, client: FlaskClient):
        log_in(client, "ann")
        client.post("/log-out")
        assert client.get("/").status_code == 401

    def test_a_new_password_ends_the_sessions_of_the_old_one(self, client: FlaskClient, file: Path):
        log_in(client, "ann")
        assert client.get("/").status_code == 200
        other = generate_password_hash("another one, longer", method="pbkdf2:sha256:1000")
        file.write_text(f'[people.ann]\npassword = "{other}"\n', encoding="utf-8")
        assert client.get("/").status_code == 401

    def test_a_file_broken_meanwhile_lets_nobody_in_by_what_it_said_before(self, client: FlaskClient, file: Path):
        log_in(client, "ann")
        file.write_text("[people", encoding="utf-8")
        assert client.get("/").status_code == 503
        assert client.get(gate.HEALTH).status_code == 503  # nothing published, as before
        write_people(file)
        assert client.get("/").status_code == 200


class TestGroups:
    def test_a_limited_view_is_for_its_group(self, client: FlaskClient):
        log_in(client, "bob")
        answer = client.get("/trust-safety")
        assert answer.status_code == 403
        assert "Trust & Safety is for other groups than yours" in answer.text
        assert client.get("/trust-safety/").status_code == 403
        assert client.get("/product").status_code == 200

    def test_its_files_are_too(self, client: FlaskClient):
        figure = next(name for name in FIGURES if name.startswith("trust-"))
        log_in(client, "bob")
        assert client.get(f"/export/{figure}.csv").status_code == 403
        log_in(client, "ann")
        assert client.get(f"/export/{figure}.csv").status_code == 503  # nothing published

    def test_the_rows_behind_its_numbers_are_too(self, client: FlaskClient):
        log_in(client, "bob")
        assert client.get("/rows/trust-signals").status_code == 403
        log_in(client, "ann")
        assert client.get("/rows/trust-signals").status_code == 503  # nothing published

    def test_its_callbacks_are_too(self, app: Dash, client: FlaskClient):
        output = next(name for name in app.callback_map if "trust-body" in name)
        asked = {part: app.callback_map[output][part] for part in ("inputs", "state")}
        asked |= {"output": output, "outputs": {"id": "trust-body", "property": "children"}}
        log_in(client, "bob")
        assert client.post("/_dash-update-component", json=asked).status_code == 403
        log_in(client, "ann")
        assert client.post("/_dash-update-component", json=asked).status_code == 200

    def test_an_answer_kept_for_one_person_is_not_for_another(
        self, app: Dash, client: FlaskClient, file: Path, data_root: Path
    ):
        publish(data_root / "data", {}, date(2026, 3, 31))
        write_people(file, 'executive = ["trust"]')
        output = "executive-body.children"
        asked = {part: app.callback_map[output][part] for part in ("inputs", "state")}
        asked |= {"output": output, "outputs": {"id": "executive-body", "property": "children"}}
        for name, status in (("ann", 200), ("bob", 403), ("ann", 200)):
            log_in(client, name)
            assert client.post("/_dash-update-component", json=asked).status_code == status

    @pytest.mark.parametrize("output", ["network-body.children", "network-area.children"])
    def test_trust_states_in_the_network_are_for_who_may_see_trust(
        self, app: Dash, client: FlaskClient, data_root: Path, output: str
    ):
        publish(data_root / "data", together(tree_of({1: None, 2: 1}), CONFIRMED), date(2026, 3, 31))
        asked = {part: app.callback_map[output][part] for part in ("inputs", "state")}
        asked |= {"output": output, "outputs": {"id": output.partition(".")[0], "property": "children"}}
        asked["changedPropIds"] = []
        for name in ("ann", "bob", "ann"):
            log_in(client, name)
            drawn = client.post("/_dash-update-component", json=asked).text
            assert ("Trust: fraud confirmed" in drawn, "Trust: not visible to you" in drawn) == (
                name == "ann",
                name == "bob",
            )

    def test_so_are_those_in_its_file(self, client: FlaskClient, data_root: Path):
        publish(data_root / "data", together(tree_of({1: None, 2: 1}), CONFIRMED), date(2026, 3, 31))
        for name, states in (("ann", ["none", "confirmed"]), ("bob", ["not visible"] * 2)):
            log_in(client, name)
            file = client.get("/export/network-drawn.csv").text
            assert [row["trust"] for row in csv.DictReader(io.StringIO(file))] == states

    def test_a_colour_by_trust_says_that_it_is_not_visible(self, data_root: Path):
        publish(data_root / "data", together(tree_of({1: None, 2: 1}), CONFIRMED), date(2026, 3, 31))
        rows = referral_tree.tree(current(), NetworkView(), sees_trust=False)
        shown = str(tree_area(rows, NetworkView(colour="trust"), str, "canvas", html.A(), "light"))
        assert "not visible to you" in shown
        assert "fraud confirmed" not in shown

    def test_a_body_that_cannot_be_read_names_no_view_and_is_refused(self, client: FlaskClient):
        asked = {"data": "[" * 100_000, "content_type": "application/json"}
        assert client.post("/_dash-update-component", **asked).status_code == 401
        log_in(client, "bob")
        assert client.post("/_dash-update-component", **asked).status_code == 400

    def test_its_layout_is_too_however_one_asks_for_it(self, app: Dash, client: FlaskClient):
        with app.server.test_request_context("/"):
            page = next(page for page in dash.page_registry.values() if page["path"] == "/trust-safety")["layout"]()
        assert "Not for your groups" in str(page)

    def test_decisions_have_a_limit_of_their_own(self, app: Dash, file: Path):
        directory = people.read(file)
        assert directory.may(directory.people["ann"], "trust")
        assert not directory.may(directory.people["ann"], people.DECISIONS)
        assert directory.may(directory.people["bob"], "finance")

    def test_who_may_not_decide_gets_a_sentence_and_no_form(self, client: FlaskClient):
        asked = {
            "output": "..trust-message.children...trust-decided.data..",
            "outputs": [{"id": "trust-message", "property": "children"}, {"id": "trust-decided", "property": "data"}],
            "inputs": [{"id": "trust-decide", "property": "n_clicks", "value": 1}],
            "changedPropIds": ["trust-decide.n_clicks"],
            "state": [
                {"id": "trust-form-case", "property": "data", "value": "group-1"},
                {"id": "trust-verdict", "property": "value", "value": "held"},
                {"id": "trust-reason", "property": "value", "value": "why"},
                {"id": "trust-reviewer", "property": "value", "value": "Eve"},
            ],
        }
        log_in(client, "ann")
        assert form.NOT_YOURS in client.post("/_dash-update-component", json=asked).text

    def test_every_callback_with_figures_belongs_to_a_view(self, app: Dash):
        """Else it would be for everybody: what stands in no page must be the shell's."""
        outside = set()
        for output, entry in app.callback_map.items():
            asked = {"method": "POST", "json": {"output": output}}
            with app.server.test_request_context("/_dash-update-component", **asked):
                if "callback" in entry and view_of(request, app) is None:
                    outside.add(inspect.unwrap(entry["callback"]).__module__)
        assert outside <= {"dash_app.shell", "dash.dash"}

    def test_every_file_belongs_to_a_view(self):
        assert {name.partition("-")[0] for name in FIGURES} <= set(VIEWS)


class TestProxy:
    @pytest.fixture
    def client(self, make_app, file: Path) -> FlaskClient:
        return make_app(Settings("proxy", file)).server.test_client()

    def test_its_word_counts(self, client: FlaskClient):
        assert client.get("/", headers={"X-Forwarded-User": "cy"}).status_code == 200
        assert client.get("/trust-safety", headers={"X-Forwarded-User": "cy"}).status_code == 403
        told = {"X-Forwarded-User": "cy", "X-Forwarded-Groups": "sales, trust"}
        assert client.get("/trust-safety", headers=told).status_code == 200
        assert client.get("/trust-safety", headers={"X-Forwarded-User": "ann"}).status_code == 200  # by the file

    def test_without_it_nobody_is_there(self, client: FlaskClient):
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 401
        assert client.get("/", headers={"X-Forwarded-User": " "}).status_code == 401

    def test_others_are_not_believed(self, client: FlaskClient):
        elsewhere = {"REMOTE_ADDR": "10.1.2.3"}
        told = {"X-Forwarded-User": "ann"}
        assert client.get("/", headers=told, environ_base=elsewhere).status_code == 401

    def test_there_is_no_form(self, client: FlaskClient):
        assert log_in(client, "ann").status_code == 401


class TestSettings:
    @pytest.mark.parametrize(
        ("env", "message"),
        [
            ({"CARTON_ACCESS": "on"}, "it is one of off, people, proxy"),
            ({"CARTON_ACCESS": "people"}, "needs CARTON_ACCESS_FILE"),
            ({"CARTON_ACCESS": "people", "CARTON_ACCESS_FILE": "x", "CARTON_SESSION_KEY": "short"}, "at least 32"),
        ],
    )
    def test_what_would_let_nobody_or_everybody_in_does_not_start(self, monkeypatch, env: dict[str, str], message: str):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(AccessError, match=message):
            from_env()

    def test_addresses_may_have_spaces_between_them(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("CARTON_ACCESS", "proxy")
        monkeypatch.setenv("CARTON_ACCESS_PROXIES", "10.0.0.1, 10.0.0.2,")
        assert from_env().proxies == {"10.0.0.1", "10.0.0.2"}

    def test_off_by_default(self):
        assert from_env() == Settings("off")

    def test_a_cookie_of_an_https_address_never_goes_out_without(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("CARTON_ACCESS", "proxy")
        monkeypatch.setenv("CARTON_DASH_URL", "https://caps.example")
        assert from_env().is_https

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[limits]\nmoney = []", "limits money, which there is not. There are: executive"),
            ("people = 3", "“people” is not a table"),
            ("[people.ann]\ngroups = 3", r"groups of \[people.ann\] is not a list"),
            ("[people", "is no TOML"),
        ],
    )
    def test_a_file_that_says_nothing_sensible_is_named_with_the_place(self, tmp_path: Path, text: str, message: str):
        (tmp_path / "people.toml").write_text(text, encoding="utf-8")
        with pytest.raises(AccessError, match=message):
            people.read(tmp_path / "people.toml")

    def test_a_missing_file_is_named(self, tmp_path: Path):
        with pytest.raises(AccessError, match=r"none\.toml cannot be read: No such file"):
            people.read(tmp_path / "none.toml")


class TestCommandLine:
    def test_a_person_is_added_with_a_hash_and_can_log_in(self, make_app, tmp_path: Path, monkeypatch, capsys):
        file = tmp_path / "made.toml"
        monkeypatch.setattr("dash_app.access.__main__._password", lambda: PASSWORD)
        assert main(["--file", str(file), "add", "dee@example.org", "--group", "finance"]) == 0
        assert capsys.readouterr().out == "dee@example.org: finance\n"
        assert PASSWORD not in file.read_text(encoding="utf-8")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        client = make_app(Settings("people", file, KEY)).server.test_client()
        assert log_in(client, "dee@example.org").status_code == 302

    @pytest.mark.parametrize(
        ("name", "password", "message"),
        [
            ("ann", PASSWORD, "has ann already"),
            ("a|b", PASSWORD, "is no name"),
            ('a"]', PASSWORD, "is no name"),
            ("cy", "short", "at least 12 are needed"),
        ],
    )
    def test_what_cannot_be_is_said(self, file: Path, monkeypatch, capsys, name: str, password: str, message: str):
        before = file.read_text(encoding="utf-8")
        monkeypatch.setattr("dash_app.access.__main__._password", lambda: password)
        assert main(["--file", str(file), "add", name]) == 1
        assert message in capsys.readouterr().err
        assert file.read_text(encoding="utf-8") == before
