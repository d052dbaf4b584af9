"""One row per referrer_user_id and cohort_week: how unusual that many newcomers are; see include.analytics.trust.odds."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    from include.analytics.trust.odds import newcomer_odds

    dbt.config(materialized="table")
    return newcomer_odds(dbt.ref("int_trust_newcomer_weeks").df())
