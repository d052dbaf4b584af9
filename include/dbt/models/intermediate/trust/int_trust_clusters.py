"""One row per user_id that shares a strong identifier with somebody: cluster_id, the smallest user_id of the cluster."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    from include.analytics.trust.components import components

    dbt.config(materialized="table")
    links = dbt.ref("int_trust_links").project("low_user_id, high_user_id").arrow().read_all()
    return components(links, "low_user_id", "high_user_id", node="user_id", component="cluster_id")
