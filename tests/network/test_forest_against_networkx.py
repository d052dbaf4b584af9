"""The referral network as a library that knows graphs sees it, next to what the SQL says."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import pytest

from include.settings import Paths
from tests.support.builds import build_models
from tests.support.landing import land_day
from tests.support.worlds import World

pytestmark = pytest.mark.slow
RING = (901, 902, 903)


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = con.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def land_ring(paths: Paths, day: date) -> None:
    """Three people whose invitations go round in a circle, and a fourth below one of them; every rule is kept."""
    people = [*RING, 904]
    inviters = {901: 903, 902: 901, 903: 902, 904: 902}
    users = [
        {"user_id": user, "email": f"ring{user}@example.org", "created_at": f"{day} 10:00:00", "user_type": "parent",
         "school_id": user % 2 + 1}
        for user in people
    ]  # fmt: skip
    referrals = [
        {"referral_id": user, "referrer_user_id": inviters[user], "referral_code": f"ring-{user}",
         "referred_user_id": user, "sent_at": f"{day} 09:00:00", "status": "converted"}
        for user in people
    ]  # fmt: skip
    steps = {"install": 10, "referral_applied": 11, "onboarding_complete": 12, "receipt_scan_completed": 13}
    events = [
        {"event_id": f"ring-{user}-{step}", "user_id": user, "event_type": step, "event_at": f"{day} {hour}:00:00",
         "referral_id": user if step == "referral_applied" else None, "metadata_json": "{}"}
        for user in people
        for step, hour in steps.items()
    ]  # fmt: skip
    land_day(paths, day, {"users": users, "referrals": referrals, "events": events})


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hard world and, on the day after it, a ring."""
    paths = Paths(tmp_path_factory.mktemp("network"))
    world = World(seed=1, days=20)
    for day in world.days:
        world.land(paths, day)
    last = world.days[-1] + timedelta(days=1)
    land_ring(paths, last)
    build_models(world.days[0], last, paths, "path:models/marts/core", "path:models/marts/network")
    return paths.warehouse


@pytest.fixture
def con(warehouse: Path):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        yield connection


def forest(con: duckdb.DuckDBPyConnection) -> nx.DiGraph:
    """Users and the edges that are in the forest, from the referrer down."""
    graph = nx.DiGraph()
    graph.add_nodes_from(user for (user,) in con.execute("select user_id from gold.dim_user").fetchall())
    graph.add_edges_from(
        con.execute(
            "select referrer_user_id, referred_user_id from gold.fct_network_edge where not is_left_out"
        ).fetchall()
    )
    return graph


def test_of_every_ring_the_edge_that_came_last_is_left_out_and_a_forest_stays(con: duckdb.DuckDBPyConnection):
    edges = rows(con, "select * from gold.fct_network_edge")
    eligible = con.execute("select referral_id from gold.fct_referral where is_credited and rule_outcome = 'eligible'")
    assert sorted(edge["referral_id"] for edge in edges) == sorted(row[0] for row in eligible.fetchall())
    graph = nx.DiGraph()
    for edge in edges:
        graph.add_edge(edge["referrer_user_id"], edge["referred_user_id"], edge=edge)
    left_out = set()
    for cycle in nx.simple_cycles(graph):
        ring = [graph.edges[pair]["edge"] for pair in zip(cycle, [*cycle[1:], cycle[0]], strict=True)]
        left_out.add(max((edge["eligible_at"], edge["referral_id"]) for edge in ring)[1])
    assert {edge["referral_id"] for edge in edges if edge["is_left_out"]} == left_out == {903}
    assert nx.is_forest(forest(con))


def test_every_users_place_in_the_forest_is_what_networkx_says(con: duckdb.DuckDBPyConnection):
    graph = forest(con)
    raised = dict(
        con.execute("select user_id, sum(amount_raised_usd) from gold.fct_purchase group by 1").fetchall()
    )  # fmt: skip
    children = Counter(row[0] for row in con.execute("select referrer_user_id from gold.fct_network_edge").fetchall())
    expected = {}
    for user in graph:
        above, below = nx.ancestors(graph, user), nx.descendants(graph, user)
        (root,) = [node for node in {user, *above} if graph.in_degree(node) == 0]
        expected[user] = {
            "root_user_id": root,
            "depth": nx.shortest_path_length(graph, root, user),
            "direct_referrals": children[user],
            "descendants": len(below),
            "max_depth_below": max(nx.single_source_shortest_path_length(graph, user).values()),
            "subtree_amount_raised_usd": sum(raised.get(node, 0) for node in {user, *below}),
        }
    found = {row.pop("user_id"): row for row in rows(con, "select * from gold.fct_network_effects_user")}
    assert {user: {name: row[name] for name in expected[user]} for user, row in found.items()} == expected
    assert max(row["depth"] for row in expected.values()) >= 2, "a flat forest would prove little"


def test_every_schools_referrals_are_what_networkx_says(con: duckdb.DuckDBPyConnection):
    graph = forest(con)
    school = dict(con.execute("select user_id, school_id from gold.dim_user").fetchall())
    expected = {}
    for school_id in {row[0] for row in con.execute("select school_id from gold.dim_school").fetchall()} | set(
        school.values()
    ):
        members = [user for user in graph if school[user] == school_id]
        into = list(graph.in_edges(members))
        out = list(graph.out_edges(members))
        inside = [pair for pair in into if school[pair[0]] == school_id != -1]
        top = max((graph.out_degree(user) for user in members), default=0)
        expected[school_id] = {
            "members": len(members),
            "members_referred": sum(graph.in_degree(user) for user in members),
            "inbound_referrals": len(into),
            "outbound_referrals": len(out),
            "same_school_share": len(inside) / len(into) if into else None,
            "top_sender_share": top / len(out) if out else None,
        }
    found = {row.pop("school_id"): row for row in rows(con, "select * from gold.fct_network_effects_school")}
    assert {key: {name: row[name] for name in expected[key]} for key, row in found.items()} == expected
    assert any(row["same_school_share"] for row in expected.values()), "a network without such edges would prove little"


def test_every_tree_is_as_large_as_deep_and_as_far_across_as_networkx_says(con: duckdb.DuckDBPyConnection):
    graph = forest(con)
    expected = {}
    for users in nx.weakly_connected_components(graph):
        tree, pairs = graph.subgraph(users).to_undirected(), len(users) * (len(users) - 1) / 2
        (root,) = [user for user in users if graph.in_degree(user) == 0]
        expected[root] = {
            "users": len(users),
            "generations": nx.eccentricity(tree, root),
            "largest_family": max(graph.out_degree(user) for user in users),
            "structural_virality": pytest.approx(nx.wiener_index(tree) / pairs, abs=1e-8) if pairs else None,
        }
    found = {row.pop("root_user_id"): row for row in rows(con, "select * from gold.fct_cascade")}
    assert {root: {name: row[name] for name in expected[root]} for root, row in found.items()} == expected
    assert max(row["users"] for row in expected.values()) >= 4, "trees of one shape would prove little"


def test_positions_are_those_of_trees_of_three_users_or_more(con: duckdb.DuckDBPyConnection):
    large = [users for users in nx.weakly_connected_components(forest(con)) if len(users) >= 3]
    found = rows(con, "select * from gold.fct_network_position")
    assert large
    assert {row["user_id"] for row in found} == set().union(*large)
    assert all(row["y"] == row["depth"] for row in found)
