"""Positions: no two people in one place, parents above children, and the same picture in every build."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pandas as pd

from include.analytics.network.layout import school_positions, tree_positions


def forest(*edges: tuple[int, int], alone: tuple[int, ...] = ()) -> pd.DataFrame:
    """The users of a forest of (parent, child) edges, as the model gives them."""
    graph = nx.DiGraph(edges)
    graph.add_nodes_from(alone)
    rows = []
    for root in [node for node in graph if graph.in_degree(node) == 0]:
        for user, depth in nx.single_source_shortest_path_length(graph, root).items():
            parent = next(iter(graph.predecessors(user)), None)
            rows.append((user, root, parent, depth, len(nx.descendants(graph, user))))
    columns = ["user_id", "root_user_id", "parent_user_id", "depth", "descendants"]
    return pd.DataFrame(rows, columns=columns).astype({"parent_user_id": "Int64"})


def test_a_star_a_pair_and_one_alone():
    found = tree_positions(forest((1, 2), (1, 3), (1, 4), (8, 9), alone=(7,))).set_index("user_id")
    assert found.index.tolist() == [1, 2, 3, 4]  # trees of two and of one are not drawn
    assert found["x"].tolist() == [0, -1, 0, 1]
    assert found["y"].tolist() == [0, 1, 1, 1]
    assert found["drawing_order"].tolist() == [1, 2, 3, 4]


def random_tree(users: int, seed: int) -> pd.DataFrame:
    rng = random.Random(seed)
    return forest(*[(rng.randrange(max(0, user - 40), user), user) for user in range(1, users)])


def test_nobody_stands_on_another_and_every_generation_has_its_height():
    users = random_tree(400, seed=3)
    found = tree_positions(users).merge(users, on=["user_id", "root_user_id"])
    assert not found.duplicated(["x", "y"]).any()
    assert (found["y"] == found["depth"]).all()


def test_the_first_n_in_drawing_order_are_connected_for_every_n():
    users = random_tree(300, seed=4)
    order = tree_positions(users).set_index("user_id")["drawing_order"]
    assert sorted(order) == list(range(1, 301))
    children = users.dropna(subset=["parent_user_id"])
    assert (order[children["parent_user_id"]].to_numpy() < order[children["user_id"]].to_numpy()).all()


def test_a_large_branch_is_drawn_before_a_small_one():
    order = tree_positions(forest((1, 2), (1, 3), (3, 4))).set_index("user_id")["drawing_order"]
    assert order.to_dict() == {1: 1, 3: 2, 2: 3, 4: 4}


def test_positions_do_not_depend_on_the_order_of_rows():
    users = random_tree(200, seed=5)
    pd.testing.assert_frame_equal(tree_positions(users), tree_positions(users.sample(frac=1, random_state=1)))


def two_camps() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Schools 1 to 4 refer to each other, and 5 to 7 do; one referral goes across, school 8 takes no part."""
    pairs = [(a, b, 5) for camp in ((1, 2, 3, 4), (5, 6, 7)) for a in camp for b in camp if a != b]
    flows = pd.DataFrame([*pairs, (4, 5, 1), (8, 8, 9), (-1, 2, 50), (1, 99, 50)])
    flows.columns = pd.Index(["from_school_id", "to_school_id", "referrals"])
    return pd.DataFrame({"school_id": [-1, *range(1, 9)]}), flows


def test_camps_of_schools_are_communities_the_larger_one_first():
    found = school_positions(*two_camps()).set_index("school_id")
    assert found["community"].to_dict() == {1: 1, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2, 7: 2}
    assert found[["x", "y"]].abs().max().max() == 1
    one, other = found.loc[[1, 2, 3, 4], ["x", "y"]].mean(), found.loc[[5, 6, 7], ["x", "y"]].mean()
    assert np.hypot(*(one - other)) > 0.5  # drawn apart


def test_a_picture_of_schools_depends_neither_on_rows_nor_on_what_was_random_before():
    schools, flows = two_camps()
    first = school_positions(schools, flows)
    random.seed(99)
    pd.testing.assert_frame_equal(first, school_positions(schools, flows.sample(frac=1, random_state=2)))


def test_drawing_leaves_the_random_numbers_of_others_alone():
    random.seed(7)
    expected = random.random()
    random.seed(7)
    school_positions(*two_camps())
    assert random.random() == expected


def test_nobody_to_draw_gives_no_rows():
    schools, flows = two_camps()
    assert school_positions(schools, flows.iloc[:0]).empty
    assert tree_positions(forest((8, 9))).empty
