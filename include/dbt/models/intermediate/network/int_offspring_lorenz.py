"""Grain: one row per window_days and percentage of users, those with the most offspring first."""

from typing import Any

from include.analytics.network.spread import lorenz_curves


def model(dbt: Any, session: Any) -> Any:
    """Users per number of offspring go to the estimator."""
    dbt.config(materialized="table")
    return lorenz_curves(dbt.ref("int_offspring_histogram").df())
