"""One row per applied referral_id that is part of a ring of referrals; see include.analytics.trust.rings."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:
    from include.analytics.trust.rings import rings

    dbt.config(materialized="table")
    return rings(dbt.ref("int_trust_applied").df())
