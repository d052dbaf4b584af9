"""Where to draw people and schools: positions and communities, the same in every build."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import igraph
import numpy as np
import pandas as pd

from include.analytics.network.tables import stacked

#: Trees of fewer users need no drawing.
LEAST_TREE = 3
#: Schools that are drawn, those with the most referrals first: the layout takes the square of their number.
MOST_SCHOOLS = 1500
SEED = 20260301

TREE_COLUMNS = {
    "user_id": "int64", "root_user_id": "int64", "x": "float64", "y": "float64", "drawing_order": "int64",
}  # fmt: skip
SCHOOL_COLUMNS = {"school_id": "int64", "x": "float64", "y": "float64", "community": "int64"}


@contextmanager
def seeded_igraph() -> Iterator[None]:
    """igraph draws from a generator of our own; without one it takes Python's, which nobody seeds."""
    igraph.set_random_number_generator(random.Random(SEED))  # noqa: S311 - for drawing
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def tree_positions(users: pd.DataFrame) -> pd.DataFrame:
    """One row per user of a tree of at least ``LEAST_TREE`` users; columns ``TREE_COLUMNS``.

    ``users`` has one row per user: columns user_id, root_user_id, parent_user_id (missing for a root), depth,
    descendants. Each tree is laid out by Reingold and Tilford (1981): root at x 0, y the generation, one unit between
    neighbours. ``drawing_order`` counts a tree's users from 1, a parent before its children and the larger branches of
    a generation first: the first n of them are a connected part to draw when the tree is too large.
    """
    sizes = users.groupby("root_user_id")["user_id"].transform("size")
    drawn = users[sizes >= LEAST_TREE].sort_values(
        ["root_user_id", "depth", "descendants", "user_id"], ascending=[True, True, False, True]
    )
    if drawn.empty:
        return stacked([], TREE_COLUMNS)
    positions = np.vstack([_positions(tree) for _, tree in drawn.groupby("root_user_id", sort=True)]).round(3)
    placed = drawn[["user_id", "root_user_id"]].reset_index(drop=True)
    placed = placed.assign(x=positions[:, 0], y=positions[:, 1])
    placed["drawing_order"] = placed.groupby("root_user_id").cumcount() + 1
    return stacked([placed], TREE_COLUMNS)


def _positions(tree: pd.DataFrame) -> np.ndarray:
    """Positions of one tree's users in their order, the root first; shape (users, 2)."""
    number = {user: place for place, user in enumerate(tree["user_id"])}
    edges = [
        (number[parent], number[user])
        for parent, user in zip(tree["parent_user_id"].iloc[1:], tree["user_id"].iloc[1:], strict=True)
    ]
    layout = igraph.Graph(len(tree), edges, directed=True).layout_reingold_tilford(mode="out", root=[0])
    places = np.array(layout.coords, dtype=float)
    return places - places[0]


def school_positions(schools: pd.DataFrame, flows: pd.DataFrame) -> pd.DataFrame:
    """One row per school that takes part in a referral between two schools; columns ``SCHOOL_COLUMNS``.

    ``schools`` has the column school_id; ``flows`` one row per ordered pair of schools: columns from_school_id,
    to_school_id, referrals. -1 and referrals within a school are left out. Positions are those of Kamada and Kawai
    (1989) from a circle in order of school_id, in a square from -1 to 1; missing beyond ``MOST_SCHOOLS``. Communities
    are those of the largest modularity that the Leiden algorithm (Traag, Waltman and van Eck 2019) finds, numbered from
    1 by their number of schools, then their lowest school_id.
    """
    between = flows[
        (flows["from_school_id"] != flows["to_school_id"])
        & flows["from_school_id"].isin(schools["school_id"])
        & flows["to_school_id"].isin(schools["school_id"])
        & (flows["from_school_id"] != -1)
        & (flows["to_school_id"] != -1)
    ]
    if between.empty:
        return stacked([], SCHOOL_COLUMNS)
    pairs = pd.DataFrame(
        np.sort(between[["from_school_id", "to_school_id"]].to_numpy(np.int64), axis=1), columns=["one", "other"]
    ).assign(referrals=between["referrals"].to_numpy(float))
    pairs = pairs.groupby(["one", "other"], sort=True).agg(referrals=("referrals", "sum")).reset_index()
    ids = np.unique(pairs[["one", "other"]].to_numpy())
    graph = igraph.Graph(len(ids), np.searchsorted(ids, pairs[["one", "other"]].to_numpy()).tolist())
    graph.es["weight"] = pairs["referrals"].tolist()
    placed = pd.DataFrame({"school_id": ids, "x": np.nan, "y": np.nan})
    with seeded_igraph():
        found = graph.community_leiden(objective_function="modularity", weights="weight", n_iterations=10)
        strength = np.array(graph.strength(weights="weight"))
        kept = np.sort(np.lexsort((ids, -strength))[:MOST_SCHOOLS])
        placed.loc[kept, ["x", "y"]] = _spread_out(graph.induced_subgraph(kept.tolist()))
    placed["community"] = _numbered(np.array(found.membership), ids)
    return stacked([placed], SCHOOL_COLUMNS)


def _spread_out(graph: igraph.Graph) -> np.ndarray:
    layout = np.array(graph.layout_kamada_kawai(seed=graph.layout_circle(), maxiter=200).coords, dtype=float)
    centred = layout - layout.mean(axis=0)
    return (centred / max(float(np.abs(centred).max()), 1e-9)).round(3)


def _numbered(membership: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Communities by size, then by lowest id: igraph numbers them as it meets them."""
    sizes = np.bincount(membership)
    lowest = np.full(len(sizes), np.iinfo(np.int64).max)
    np.minimum.at(lowest, membership, ids)
    order = np.lexsort((lowest, -sizes))
    number = np.empty(len(sizes), dtype=np.int64)
    number[order] = np.arange(1, len(sizes) + 1)
    return number[membership]
