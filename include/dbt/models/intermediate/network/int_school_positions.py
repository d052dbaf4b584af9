"""Grain: one row per school that takes part in a referral between schools."""

from typing import Any

from include.analytics.network.layout import school_positions


def model(dbt: Any, session: Any) -> Any:
    """Schools and the referrals between them go to the layout."""
    dbt.config(materialized="table")
    return school_positions(dbt.ref("dim_school").df(), dbt.ref("fct_school_flow").df())
