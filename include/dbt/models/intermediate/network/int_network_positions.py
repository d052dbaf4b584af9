"""Grain: one row per user of a tree that is large enough to be drawn."""

from typing import Any

from include.analytics.network.layout import tree_positions


def model(dbt: Any, session: Any) -> Any:
    """Everybody's place in the forest goes to the layout."""
    dbt.config(materialized="table")
    return tree_positions(dbt.ref("int_network_places").df())
