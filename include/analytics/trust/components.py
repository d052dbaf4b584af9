"""Connected components of an undirected graph given as pairs."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def components(pairs: pa.Table, left: str, right: str, node: str, component: str) -> pa.Table:
    """Which nodes hang together.

    ``pairs`` has one row per edge, its ends in the columns ``left`` and ``right`` (BIGINT, never null; direction,
    repetition and order do not matter). Returns one row per node that has an edge, ordered: ``node`` and ``component``,
    the smallest node it hangs together with.
    """
    ends = [pairs.column(name).to_numpy().astype(np.int64) for name in (left, right)]
    nodes, positions = np.unique(np.concatenate(ends), return_inverse=True)
    first, second = positions[: len(ends[0])], positions[len(ends[0]) :]
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(len(nodes), len(nodes)))
    # the nodes are sorted: the first one of a label is its smallest
    labels = connected_components(graph, directed=False)[1] if len(nodes) else np.empty(0, np.int64)
    _, first_of_label, label_of_node = np.unique(labels, return_index=True, return_inverse=True)
    return pa.table({node: nodes, component: nodes[first_of_label][label_of_node]})
