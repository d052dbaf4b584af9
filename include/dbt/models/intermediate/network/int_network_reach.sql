-- Grain: one row per user and user above them in the referral network, however far up, rings included. UNION drops pairs seen before, so a walk
-- around a ring ends; a user who reaches themselves is on one.
with recursive edges as (
    select
        referred_user_id,
        referrer_user_id
    from {{ ref('fct_referral') }}
    where is_credited and rule_outcome = 'eligible'
),

reach as (
    select
        referred_user_id as user_id,
        referrer_user_id as reached_user_id
    from edges
    union
    select
        reach.user_id,
        edges.referrer_user_id as reached_user_id
    from reach
    inner join edges on reach.reached_user_id = edges.referred_user_id
)

select
    user_id,
    reached_user_id
from reach
