"""Grain: one row per window_days and pair of user types: growth per generation and what the pair does to it."""

from typing import Any

from include.analytics.network.generation_matrix import next_generation


def model(dbt: Any, session: Any) -> Any:
    """Offspring per pair of user types go to the estimator."""
    dbt.config(materialized="table")
    return next_generation(dbt.ref("int_offspring_by_type").df())
