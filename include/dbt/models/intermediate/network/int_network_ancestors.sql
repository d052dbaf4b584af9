-- Grain: one row per user and user above them in the referral forest, with the number of generations between them. Edges left out of a ring are not
-- used, so every walk ends at a root.
with recursive edges as (
    select
        referred_user_id,
        referrer_user_id
    from {{ ref('fct_network_edge') }}
    where not is_left_out
),

ancestors as (
    select
        referred_user_id as user_id,
        referrer_user_id as ancestor_user_id,
        1 as generations
    from edges
    union all
    select
        ancestors.user_id,
        edges.referrer_user_id as ancestor_user_id,
        ancestors.generations + 1 as generations
    from ancestors
    inner join edges on ancestors.ancestor_user_id = edges.referred_user_id
)

select
    user_id,
    ancestor_user_id,
    generations
from ancestors
