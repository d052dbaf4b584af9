"""The questions of the network view about schools: whose growth compounds, and who sends people to whom."""

from __future__ import annotations

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.network_view import NetworkView
from dash_app.queries.snapshot import Snapshot

#: Schools and lines that a person can still tell apart.
SCHOOLS_DRAWN = 150
FLOWS_DRAWN = 400

_SCORECARD = """
select
    scores.school_rank, scores.school_id, coalesce(schools.name, 'unknown school') as school,
    upper(schools.state) as state, scores.members, scores.mature_members, scores.offspring, scores.k_60,
    scores.k_60_low, scores.k_60_high, scores.k_60_within, scores.k_60_across, scores.programme_k_60,
    scores.k_60_shrunk, scores.k_60_shrunk_low, scores.k_60_shrunk_high, scores.probability_above_programme,
    scores.members_referred, scores.active_supporters, scores.imported_referrals, scores.exported_referrals,
    scores.outbound_referrals, scores.top_sender_user_id, scores.top_sender_referrals, scores.top_sender_share,
    scores.top_sender_descendants, scores.new_members_28d, scores.new_members_prior_28d
from gold.fct_school_scorecard as scores
left join gold.dim_school as schools on scores.school_id = schools.school_id
where scores.school_id <> -1 and scores.members > 0 and ($state is null or upper(schools.state) = $state)
order by scores.school_rank nulls last, scores.mature_members desc, scores.school_id
"""

_FLOWS = """
select
    flows.from_school_id, coalesce(senders.name, 'no school') as from_school, flows.to_school_id,
    coalesce(takers.name, 'no school') as to_school, flows.referrals, flows.referrals_28d, flows.referrers,
    flows.is_within_school
from gold.fct_school_flow as flows
left join gold.dim_school as senders on flows.from_school_id = senders.school_id and senders.school_id <> -1
left join gold.dim_school as takers on flows.to_school_id = takers.school_id and takers.school_id <> -1
where $school is null or $school in (flows.from_school_id, flows.to_school_id)
order by flows.referrals desc, flows.from_school_id, flows.to_school_id
"""

_SCHOOLS = """
with places as (
    select
        positions.school_id, coalesce(schools.name, 'unknown school') as school, positions.x, positions.y,
        positions.community, scores.members, scores.outbound_referrals as referrals_out,
        scores.imported_referrals, scores.exported_referrals, scores.k_60_shrunk, scores.mature_members,
        scores.probability_above_programme
    from gold.fct_school_position as positions
    inner join gold.fct_school_scorecard as scores on positions.school_id = scores.school_id
    left join gold.dim_school as schools on positions.school_id = schools.school_id
    where positions.x is not null and (
        $school is null or positions.school_id = $school
        or exists (
            from gold.fct_school_flow as flows
            where (flows.from_school_id = $school and flows.to_school_id = positions.school_id)
                or (flows.to_school_id = $school and flows.from_school_id = positions.school_id)
        )
    )
)
select *, count(*) over () as schools_there, (select count(*) from gold.fct_school_position) as all_schools
from places
order by school_id is not distinct from $school desc, imported_referrals + exported_referrals desc, school_id
limit $most
"""


def scorecard(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per school with members, in the order of its rank, those without one last by mature members."""
    return snapshot.read(_SCORECARD, {"state": filters.state})


def flows(snapshot: Snapshot, view: NetworkView) -> pd.DataFrame:
    """One row per pair of schools with a referral from the one to the other, or inside one; most referrals first.

    With a school in ``view``, those that begin or end there.
    """
    return snapshot.read(_FLOWS, {"school": view.school})


def schools(snapshot: Snapshot, view: NetworkView) -> pd.DataFrame:
    """One row per school to draw, at most ``SCHOOLS_DRAWN``, with its place (-1..1) and what size and colour show.

    With a school in ``view``, that one and its partners. schools_there is how many there are to draw, all_schools how
    many take part in a referral between two schools at all.
    """
    return snapshot.read(_SCHOOLS, {"school": view.school, "most": SCHOOLS_DRAWN})
