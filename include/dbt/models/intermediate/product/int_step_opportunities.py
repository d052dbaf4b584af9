"""Grain: one row per step of onboarding and scanning that units came to: what one more point of them passing would bring."""

from typing import Any

from include.analytics.product.opportunity import opportunities


def model(dbt: Any, session: Any) -> Any:
    """What passing brings and how many come go to the estimator."""
    dbt.config(materialized="table")
    return opportunities(dbt.ref("int_step_values").df(), dbt.ref("int_step_volumes").df())
