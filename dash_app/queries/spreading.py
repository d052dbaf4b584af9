"""The questions of the network view about single people and their trees: who brings more than luck explains."""

from __future__ import annotations

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.snapshot import Snapshot

_SPREADERS = """
select
    spreaders.user_id, users.display_name, spreaders.user_type, spreaders.marketing_channel,
    coalesce(schools.name, 'no school') as school, spreaders.offspring, spreaders.expected_by_luck,
    spreaders.all_offspring, spreaders.offspring_share, spreaders.luck_q_value, spreaders.offspring_days_1_to_30,
    spreaders.offspring_days_31_to_60
from gold.fct_super_spreader as spreaders
left join gold.dim_user as users on spreaders.user_id = users.user_id
left join gold.dim_school as schools on spreaders.school_id = schools.school_id and schools.school_id <> -1
where spreaders.window_days = 60 and ($user_type is null or spreaders.user_type = $user_type)
    and ($state is null or upper(schools.state) = $state)
order by spreaders.offspring desc, spreaders.user_id
"""

_SPREAD = """
select measure, value, value_low, value_high, by_luck, by_luck_low, by_luck_high, excess
from gold.fct_offspring_spread
where window_days = 60
order by measure
"""

# Behind the greatest number that anybody has, fct_offspring_count has only what is expected.
_OFFSPRING = """
select offspring, users, users_by_luck, users_fitted, luck_p_value, luck_q_value
from gold.fct_offspring_count
where window_days = 60
    and offspring <= (select max(offspring) from gold.fct_offspring_count where window_days = 60 and users > 0)
order by offspring
"""

_CASCADES = """
select
    size_band, band_number, trees, all_trees, tree_share, users, all_users, user_share, mean_generations,
    most_generations, median_structural_virality, p90_structural_virality, median_chain_likeness,
    amount_raised_usd::double as amount_raised_usd
from gold.fct_cascade_size
order by band_number
"""


def spreaders(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per mature user who brought more people in 60 days than luck explains, most first.

    The filters choose among them by their type and the state of their school; luck is judged among everybody.
    """
    return snapshot.read(_SPREADERS, {"user_type": filters.user_type, "state": filters.state})


def spread(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per measure of how unevenly offspring are spread, beside what luck alone would give."""
    return snapshot.read(_SPREAD)


def offspring(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per number of offspring in 60 days, up to the greatest there is: users, by luck, and as fitted."""
    return snapshot.read(_OFFSPRING)


def cascades(snapshot: Snapshot, _filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per size band of referral trees: how many, how many users, how deep, of what shape, money raised."""
    return snapshot.read(_CASCADES)
