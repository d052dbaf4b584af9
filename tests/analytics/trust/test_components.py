"""Who hangs together, next to what networkx says."""

from __future__ import annotations

import networkx as nx
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from include.analytics.trust.components import components

PAIRS = st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30)), max_size=40)


def found(pairs: list[tuple[int, int]]) -> dict[int, int]:
    left, right = ([pair[place] for pair in pairs] for place in (0, 1))
    table = components(
        pa.table({"a": pa.array(left, pa.int64()), "b": pa.array(right, pa.int64())}), "a", "b", "user_id", "cluster_id"
    )
    assert table.column_names == ["user_id", "cluster_id"]
    assert table["user_id"].to_pylist() == sorted(table["user_id"].to_pylist())
    return dict(zip(table["user_id"].to_pylist(), table["cluster_id"].to_pylist(), strict=True))


def test_a_component_is_named_by_its_smallest_node():
    assert found([(9, 4), (4, 7), (2, 3)]) == {2: 2, 3: 2, 4: 4, 7: 4, 9: 4}


def test_without_a_pair_there_is_nobody():
    assert found([]) == {}


@given(PAIRS)
def test_components_are_those_of_networkx(pairs: list[tuple[int, int]]):
    expected = {node: min(part) for part in nx.connected_components(nx.Graph(pairs)) for node in part}
    assert found(pairs) == expected


@given(PAIRS, st.randoms(use_true_random=False))
def test_order_and_direction_of_the_pairs_do_not_matter(pairs, random):
    turned = [pair if random.random() < 0.5 else pair[::-1] for pair in pairs]
    random.shuffle(turned)
    assert found(turned) == found(pairs)


@given(PAIRS, st.integers(100, 120))
def test_a_newer_account_that_joins_leaves_every_name_as_it_was(pairs, newcomer: int):
    before = found(pairs)
    after = found([*pairs, *[(node, newcomer) for node in list(before)[:1]]])
    assert {node: name for node, name in after.items() if node != newcomer} == before
