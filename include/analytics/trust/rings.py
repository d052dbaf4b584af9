"""Rings of referrals: invitations that come back, directly or over others, to the one who began."""

from __future__ import annotations

from collections import defaultdict, deque

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

_SCHEMA = pa.schema(
    {
        "referral_id": pa.int64(),
        "ring_id": pa.int64(),
        "ring_size": pa.int32(),
        "people": pa.list_(pa.int64()),
        "completed_at": pa.timestamp("us"),
    }
)


def rings(applied: pd.DataFrame) -> pa.Table:
    """The referrals that are part of a ring.

    ``applied`` has one row per applied referral between two different people: referral_id, referrer_user_id,
    referred_user_id (all whole numbers), applied_at. A referral is part of a ring exactly when its two people are in
    one strongly connected component.

    Returns one row per such referral, ordered by referral_id: ``ring_id``, the smallest user_id of its component;
    ``completed_at``, when the last arrow of the ring that was complete first was applied; ``people``, the ring from the
    referrer on, the shortest of those complete by then, and ``ring_size``, how many they are.
    """
    arrows = applied.sort_values(["applied_at", "referral_id"], ignore_index=True)
    component_of = _components(arrows)
    inside = arrows[
        arrows["referrer_user_id"].map(component_of) == arrows["referred_user_id"].map(component_of)
    ].reset_index(drop=True)
    found = []
    for ring_id, members in inside.groupby(inside["referrer_user_id"].map(component_of), sort=True):
        pairs = list(zip(members["referrer_user_id"].tolist(), members["referred_user_id"].tolist(), strict=True))
        for place, (referral_id, pair) in enumerate(zip(members["referral_id"].tolist(), pairs, strict=True)):
            last, people = _first_ring(place, pair, pairs)
            completed_at = members["applied_at"].iloc[last].to_pydatetime()
            found.append((referral_id, int(ring_id), len(people), people, completed_at))
    columns = list(zip(*sorted(found), strict=True)) or [()] * len(_SCHEMA)
    return pa.table(
        [pa.array(list(values), field.type) for values, field in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA
    )


def _components(arrows: pd.DataFrame) -> dict[int, int]:
    """The smallest user_id of each user's strongly connected component."""
    ends = arrows[["referrer_user_id", "referred_user_id"]].to_numpy(np.int64)
    users, positions = np.unique(ends, return_inverse=True)
    if not len(users):
        return {}
    start, stop = positions.reshape(ends.shape).T
    graph = coo_array((np.ones(len(start), np.int8), (start, stop)), shape=(len(users), len(users)))
    labels = connected_components(graph, directed=True, connection="strong")[1]
    smallest = pd.Series(users).groupby(labels).transform("min")
    return dict(zip(users.tolist(), smallest.tolist(), strict=True))


def _first_ring(place: int, pair: tuple[int, int], pairs: list[tuple[int, int]]) -> tuple[int, list[int]]:
    """The place of the arrow with which ``pair`` (at ``place`` in time order) was first in a ring, and that ring."""
    low, high = place, len(pairs) - 1
    while low < high:  # more arrows never open a ring again: the first number that suffices can be halved for
        middle = (low + high) // 2
        if _way(pair[1], pair[0], pairs[: middle + 1]):
            high = middle
        else:
            low = middle + 1
    back = _way(pair[1], pair[0], pairs[: low + 1])
    return low, [pair[0], *back[:-1]]


def _way(start: int, goal: int, pairs: list[tuple[int, int]]) -> list[int]:
    """The shortest way along the arrows, both ends included, empty without one; at equal length over smaller ids."""
    ahead: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        ahead[one].add(other)
    came_from: dict[int, int] = {start: start}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there in sorted(ahead[here]):
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    if goal not in came_from:
        return []
    way = [goal]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
