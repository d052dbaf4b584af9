-- Grain: one row per user, with the root of their tree and the user above them; empty for a root.
select
    places.user_id,
    places.root_user_id,
    edges.referrer_user_id as parent_user_id,
    places.depth,
    places.descendants
from {{ ref('fct_network_effects_user') }} as places
left join {{ ref('fct_network_edge') }} as edges
    on places.user_id = edges.referred_user_id and not edges.is_left_out
