"""Grain: one row per school with mature users: its K drawn towards the programme's, and its rank."""

from typing import Any

from include.analytics.network.schools import shrunken


def model(dbt: Any, session: Any) -> Any:
    """Sums per school go to the estimator."""
    dbt.config(materialized="table")
    return shrunken(dbt.ref("int_offspring_by_school").df())
