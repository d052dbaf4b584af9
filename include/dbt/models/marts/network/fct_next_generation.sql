-- Grain: one row per window_days, from_type and to_type: the next-generation matrix. Rebuilt: small, and maturity moves with T.
select
    cast(pairs.window_days as integer) as window_days,
    pairs.from_type,
    pairs.to_type,
    cast(pairs.mature_users as bigint) as mature_users,
    cast(pairs.offspring as bigint) as offspring,
    {{ rate('pairs.offspring', 'pairs.mature_users') }} as offspring_per_user,
    {{ mean_count_low('pairs.offspring', 'pairs.offspring_squared', 'pairs.mature_users') }} as offspring_per_user_low,
    {{ mean_count_high('pairs.offspring', 'pairs.offspring_squared', 'pairs.mature_users') }} as offspring_per_user_high,
    cast(growth.elasticity as double) as elasticity,
    cast(growth.programme_r as double) as programme_r
from {{ ref('int_offspring_by_type') }} as pairs
inner join {{ ref('int_next_generation') }} as growth
    on
        pairs.window_days = growth.window_days
        and pairs.from_type = growth.from_type
        and pairs.to_type = growth.to_type
