"""Grain: one row per outcome and candidate: how strongly an early behaviour goes with the outcome, among comparable users."""

from typing import Any

from include.analytics.product.drivers import drivers


def model(dbt: Any, session: Any) -> Any:
    """What users did before the landmark, and what came of it, goes to the estimator."""
    dbt.config(materialized="table")
    return drivers(dbt.ref("int_early_behaviours").df())
