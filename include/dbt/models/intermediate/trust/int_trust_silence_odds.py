"""One row per referrer_user_id with newcomers: how unusual so many silent ones are; see include.analytics.trust.odds."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    from include.analytics.trust.odds import silence_odds

    dbt.config(materialized="table")
    return silence_odds(dbt.ref("int_trust_silence").df())
