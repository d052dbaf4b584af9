"""One row per user_id whom strong evidence ties to others: group_id, the smallest user_id of those it hangs together with."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    from include.analytics.trust.components import components

    dbt.config(materialized="table")
    ties = dbt.ref("int_trust_ties").arrow().read_all()
    return components(ties, "user_id", "other_user_id", node="user_id", component="group_id")
