"""The graphs of the network view: what a link asks for, what is drawn, and words for what cannot be followed."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import dash_cytoscape
import pytest
from flask.testing import FlaskClient

from dash_app import network_view
from dash_app.app import app
from dash_app.network_view import NetworkView
from dash_app.queries.snapshot import current
from tests.dash_app.snapshots import (
    flow,
    k_cohort,
    k_factors,
    publish,
    school,
    school_place,
    school_score,
    spreader,
    together,
    tree_of,
)
from tests.dash_app.test_pages import body, every, page, words

LAST = date(2026, 3, 31)
SCHOOLS = {
    "dim_school": [school(10, "Oak", "CA"), school(11, "=1+1", "ME")],
    "fct_school_position": [school_place(10, 0, 0), school_place(11, 1, 0)],
    "fct_school_scorecard": [
        school_score(10, members=50, mature=40, offspring=20, rank=1, top_sender_user_id=2, top_sender_referrals=4),
        school_score(11, members=12, mature=9, offspring=2, rank=None),
    ],
    "fct_school_flow": [flow(10, 11, 4), flow(11, 10, 1), flow(10, 10, 9)],
}
K = {
    "fct_k": [
        k_cohort(200, 50, 100, 40, 20),
        k_cohort(12, 5, 10, 4, 2, window=90),
        *(k_cohort(100, 20, 60, 30, 15, cohort_grain="month", cohort_start=date(2026, month, 1)) for month in (1, 2)),
    ],
    "fct_k_change": k_factors(
        "month", date(2026, 2, 1), date(2026, 1, 1), "application_rate", inviter_share=0.02, application_rate=-0.02
    ),
    "fct_super_spreader": [spreader(2, 9)],
}


@pytest.fixture(autouse=True)
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    publish(tmp_path, together(tree_of({1: None, 2: 1, 3: 1, 4: 2}), SCHOOLS, K), LAST)
    return tmp_path


def area(**drawn: Any) -> list[Any]:
    module = __import__(page("network")["module"], fromlist=["area"])
    return [*every(module.area(current(), {}, "light", drawn))]


def elements(parts: list[Any]) -> list[dict]:
    return next(part.elements for part in parts if isinstance(part, dash_cytoscape.Cytoscape))


@pytest.mark.parametrize(
    "view",
    [
        NetworkView(),
        NetworkView(user=5, opened=(1, 2), size="descendants", colour="trust"),
        NetworkView(is_all_open=True),
        NetworkView("schools", school=3, size="members", colour="growth"),
    ],
)
def test_a_link_shows_the_same_graph_again(view: NetworkView) -> None:
    assert network_view.parse(view.to_params()) == (view, [])


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"user": "1; drop table x"}, "“1; drop table x” is not the id of a user"),
        ({"user": "-1"}, "is not the id of a user"),
        ({"user": "٣"}, "is not the id of a user"),
        ({"user": str(2**63)}, "is not the id of a user"),
        ({"user": "9" * 5000}, "is not the id of a user"),
        ({"user": ["1"]}, "is not the id of a user"),
        ({"school": "Oak"}, "“Oak” is not the id of a school"),
        ({"open": "1,2,' or 1=1"}, "is not the id of a user"),
        ({"graph": "pie"}, "“pie” is not a value of “graph”: it is one of tree, schools"),
        ({"size": "password"}, "“password” is not a value of “size”"),
        ({"graph": "schools", "colour": "trust"}, "“trust” is not a value of “colour”"),
    ],
)
def test_what_cannot_be_followed_is_said_and_the_graph_is_drawn(asked: dict, says: str) -> None:
    _, notices = network_view.parse(asked)
    assert len(notices) == 1
    assert says in notices[0]
    shown = area(**asked)
    assert says in words(shown[0])
    assert elements(shown)


@pytest.mark.parametrize("held", [None, [], "user=1", 7, [["user", "1"]], {"user": {"a": 1}}, {"open": None}])
def test_a_browser_that_holds_anything_else_still_gets_a_graph(held: object) -> None:
    module = __import__(page("network")["module"], fromlist=["area", "build"])
    assert elements([*every(module.area(current(), held, "light", held))])
    assert module.build(current(), held, "light", held)


def test_a_list_of_opened_users_is_no_longer_than_a_link_may_be() -> None:
    view, notices = network_view.parse({"open": ",".join(map(str, range(1, 500)))})
    assert len(view.opened) == network_view.OPENED_MOST
    assert not notices


def test_a_user_who_is_not_there_is_answered_in_words() -> None:
    assert "There is no user 77" in words(area(user="77"))


def test_the_picture_and_its_list_show_the_same_people() -> None:
    parts = area()
    nodes = [item["data"] for item in elements(parts) if "source" not in item["data"]]
    lines = [item["data"] for item in elements(parts) if "source" in item["data"]]
    assert [node["label"] for node in nodes] == ["1", "2 +1", "3"]
    assert [(line["source"], line["target"]) for line in lines] == [("1", "2"), ("1", "3")]
    listed = [part for part in parts if getattr(part, "href", "").startswith("/network-effects?")]
    assert {part.children for part in listed} == {"1", "2", "3"}
    assert "3 of the 4 users in the tree are drawn, 1 are left out." in words(parts[0]) + words(parts[1]) + words(
        [part for part in parts if getattr(part, "className", "") == "figure-caption"]
    )


def test_the_file_of_a_graph_is_what_it_draws(published: Path) -> None:
    client: FlaskClient = app.server.test_client()
    rows = [*csv.DictReader(io.StringIO(client.get("/export/network-drawn.csv?user=4").text))]
    assert [row["user_id"] for row in rows] == ["1", "2", "4"]
    flows = client.get("/export/network-drawn.csv?graph=schools")
    assert flows.headers["Content-Disposition"] == 'attachment; filename="network-schools.csv"'
    assert [row["to_school"] for row in csv.DictReader(io.StringIO(flows.text))][1] == "'=1+1", "no formula"
    refused = client.get("/export/network-drawn.csv?user=x")
    assert refused.status_code == 400
    assert "is not the id of a user" in refused.text


def test_schools_are_points_and_only_referrals_between_two_are_lines() -> None:
    drawn = elements(area(graph="schools"))
    assert [item["data"]["id"] for item in drawn] == ["10", "11", "10>11", "11>10"]
    assert "No school has brought" in words(area(graph="schools", school="99"))


def test_k_says_what_it_is_made_of_and_few_users_are_an_interval() -> None:
    shown = words(body("network"))
    assert "20 new users by 200 mature ones; 0.05 to 0.15" in shown
    assert "0.08 to 0.25 2 new users by 12 mature ones: too few for one number" in shown
    assert "no user has had 30 days yet" in shown
    assert "it broke at codes applied" in shown
    assert "20 of 40" in shown, "eligible of the codes applied"


def test_a_school_with_few_mature_members_is_not_ranked() -> None:
    parts = [*every(body("network"))]
    card = next(part for part in parts if getattr(part, "id", "") == "network-scorecard")
    shown = words(card)
    assert "1 more with fewer than 20 mature members are in the table, not ranked." in shown
    figure = next(part.figure for part in every(card) if hasattr(part, "figure"))
    assert {name for trace in figure.data for name in trace.y} == {"1. Oak"}


def test_links_to_a_tree_carry_the_filters() -> None:
    parts = [*every(body("network", period="7d", user_type="parent"))]
    assert "/network-effects?period=7d&user_type=parent&user=2" in {getattr(part, "href", "") for part in parts}
