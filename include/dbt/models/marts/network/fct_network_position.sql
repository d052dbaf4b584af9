-- Grain: one row per user_id in a tree of three users or more of the referral forest: where to draw them. Rebuilt: one new edge moves a whole tree.
select
    cast(positions.user_id as bigint) as user_id,
    cast(positions.root_user_id as bigint) as root_user_id,
    places.parent_user_id,
    places.depth,
    places.descendants,
    cast(positions.x as double) as x,
    cast(positions.y as double) as y,
    cast(positions.drawing_order as integer) as drawing_order
from {{ ref('int_network_positions') }} as positions
inner join {{ ref('int_network_places') }} as places on positions.user_id = places.user_id
