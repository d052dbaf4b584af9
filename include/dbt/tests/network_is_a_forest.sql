-- Nobody stands above themselves along the edges that are not left out. Stops the run before the walks that follow these edges, which would not end
-- on a ring: UNION drops pairs seen before, so this one does.
with recursive edges as (
    select
        referred_user_id,
        referrer_user_id
    from {{ ref('fct_network_edge') }}
    where not is_left_out
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

select user_id
from reach
where user_id = reached_user_id
