"""Grain: one row per window_days and number of offspring, with the users that luck would give and the chance of so many."""

from typing import Any

from include.analytics.network.spread import offspring_counts


def model(dbt: Any, session: Any) -> Any:
    """Users per number of offspring go to the estimator."""
    dbt.config(materialized="table")
    return offspring_counts(dbt.ref("int_offspring_histogram").df())
