-- Grain: one row per root_user_id, the root of a tree of the referral forest; users who neither came by a referral nor made one are trees of one.
-- Rebuilt, as the forest is. Structural virality is the mean distance between two users of a tree (Goel, Anderson, Hofman and Watts 2016): an edge
-- lies on the way between the s users below it and the n - s others, so distances add up edge by edge.
with users as (
    select
        user_id,
        root_user_id,
        depth,
        descendants,
        count(*) over (partition by root_user_id) as tree_users
    from {{ ref('fct_network_effects_user') }}
),

families as (
    select
        users.root_user_id,
        users.user_id,
        count(*) as children,
        max(edges.eligible_at) as grew_last_at
    from {{ ref('fct_network_edge') }} as edges
    inner join users on edges.referrer_user_id = users.user_id
    where not edges.is_left_out
    group by users.root_user_id, users.user_id
),

growth as (
    select
        root_user_id,
        max(children) as largest_family,
        max(grew_last_at) as grew_last_at
    from families
    group by root_user_id
),

trees as (
    select
        root_user_id,
        max(tree_users) as users,
        max(depth) as generations,
        sum(case when depth > 0 then (descendants + 1) * (tree_users - descendants - 1) else 0 end) as distances
    from users
    group by root_user_id
)

select
    trees.root_user_id,
    roots.user_type,
    roots.marketing_channel,
    roots.school_id,
    roots.signup_date,
    cast(trees.users as bigint) as users,
    case
        when trees.users = 1 then '1'
        when trees.users = 2 then '2'
        when trees.users = 3 then '3'
        when trees.users <= 9 then '4-9'
        when trees.users <= 19 then '10-19'
        when trees.users <= 49 then '20-49'
        else '50+'
    end as size_band,
    cast(trees.generations as integer) as generations,
    cast(coalesce(growth.largest_family, 0) as integer) as largest_family,
    round(2 * trees.distances / nullif(cast(trees.users as double) * (trees.users - 1), 0), 9) as structural_virality,
    -- (virality - that of a star) / (that of a chain - that of a star), in whole numbers
    case
        when trees.users >= 4
            then
                round(
                    6 * (trees.distances - (trees.users - 1) * (trees.users - 1))
                    / (cast(trees.users - 1 as double) * (trees.users - 2) * (trees.users - 3)),
                    9
                )
    end as chain_likeness,
    places.subtree_amount_raised_usd as amount_raised_usd,
    growth.grew_last_at
from trees
inner join {{ ref('dim_user') }} as roots on trees.root_user_id = roots.user_id
inner join {{ ref('fct_network_effects_user') }} as places on trees.root_user_id = places.user_id
left join growth on trees.root_user_id = growth.root_user_id
