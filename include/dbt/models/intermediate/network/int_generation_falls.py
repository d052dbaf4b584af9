"""Grain: one row per window_days and generation with enough mature users: whether K fell from the generation before."""

from typing import Any

from include.analytics.network.generations import falls


def model(dbt: Any, session: Any) -> Any:
    """Sums per generation go to the test."""
    dbt.config(materialized="table")
    return falls(dbt.ref("int_offspring_by_generation").df())
