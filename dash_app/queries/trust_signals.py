"""What the trust view says of all signals and of the clusters of accounts."""

from __future__ import annotations

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.snapshot import Snapshot

#: Suspicious clusters in one picture, those with most money first.
CLUSTERS_DRAWN = 24

# Silence of newcomers is known three weeks after sign-up and a week for late rows: until then a week can still grow.
_BY_WEEK = """
select
    date_trunc('week', detected_at)::date as week_start, signal_type, kind, count(*) as signals,
    sum(amount_at_risk_usd)::double as amount_at_risk_usd,
    count(distinct case_id) as cases,
    week_start + 35 <= (select as_of from ops.snapshot) as is_settled
from gold.fct_trust_safety_signals
where detected_at >= $start and detected_at < $end + 1
group by all
order by week_start, signal_type
"""

_BY_TYPE = """
select signal_type, kind, count(*) as signals, count(distinct case_id) as cases,
    sum(amount_at_risk_usd)::double as amount_at_risk_usd
from gold.fct_trust_safety_signals
where detected_at >= $start and detected_at < $end + 1
group by all
order by signals desc, signal_type
"""

_CLUSTERS = """
with cases as (
    select entity_id as cluster_id, min(case_id) as case_id
    from gold.fct_trust_safety_signals
    where entity_type = 'cluster'
    group by entity_id
)
select
    clusters.* exclude (referral_usd), clusters.referral_usd::double as referral_usd, cases.case_id
from gold.fct_trust_cluster as clusters
left join cases on clusters.cluster_id = cases.cluster_id
order by clusters.is_suspicious desc, clusters.referral_usd desc, clusters.users desc, clusters.cluster_id
"""

_EDGES = """
select low_user_id, high_user_id, identifier_kind as kind, cluster_id, identifiers, linked_at
from gold.fct_trust_edge
order by cluster_id, low_user_id, high_user_id, kind
"""


def by_week(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per week (Monday, UTC) and type of signal detected in the period; ``is_settled``: no more will come."""
    return snapshot.read(_BY_WEEK, {"start": filters.start, "end": filters.end})


def by_type(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per type of signal detected in the period, the most frequent first; a case counts for each type."""
    return snapshot.read(_BY_TYPE, {"start": filters.start, "end": filters.end})


def clusters(snapshot: Snapshot) -> pd.DataFrame:
    """One row per cluster of accounts that share identifiers, the suspicious ones first, then by referral money."""
    return snapshot.read(_CLUSTERS)


def edges(snapshot: Snapshot) -> pd.DataFrame:
    """One row per pair of accounts and kind of identifier that they share."""
    return snapshot.read(_EDGES)
