"""Grain: one row per window_days and measure of how unevenly offspring are spread, with what luck alone would give."""

from typing import Any

from include.analytics.network.spread import spread


def model(dbt: Any, session: Any) -> Any:
    """Users per number of offspring go to the estimator."""
    dbt.config(materialized="table")
    return spread(dbt.ref("int_offspring_histogram").df())
