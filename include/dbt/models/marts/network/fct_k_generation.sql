-- Grain: one row per window_days and generation of the referral forest. Rebuilt: one new edge can move whole trees. Deep generations are young, so
-- only mature users are in their K.
select
    cast(sums.window_days as integer) as window_days,
    cast(sums.generation as integer) as generation,
    cast(sums.users as bigint) as users,
    cast(sum(sums.users) over deeper as bigint) as users_this_deep,
    cast(sum(sums.users) over everybody as bigint) as all_users,
    {{ rate('sum(sums.users) over deeper', 'sum(sums.users) over everybody') }} as share_this_deep,
    cast(sums.mature_users as bigint) as mature_users,
    cast(sums.offspring as bigint) as offspring,
    {{ rate('sums.offspring', 'sums.mature_users') }} as k,
    {{ mean_count_low('sums.offspring', 'sums.offspring_squared', 'sums.mature_users') }} as k_low,
    {{ mean_count_high('sums.offspring', 'sums.offspring_squared', 'sums.mature_users') }} as k_high,
    cast(falls.fall_p_value as double) as fall_p_value,
    coalesce(cast(falls.is_first_fall as boolean), false) as is_first_fall
from {{ ref('int_offspring_by_generation') }} as sums
left join {{ ref('int_generation_falls') }} as falls
    on sums.window_days = falls.window_days and sums.generation = falls.generation
window
    deeper as (
        partition by sums.window_days
        order by sums.generation desc
        rows between unbounded preceding and current row
    ),
    everybody as (partition by sums.window_days)
