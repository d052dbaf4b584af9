-- Grain: one row per window_days and generation, 0 for users whom nobody referred: sums over users, of offspring over mature users only.
select
    window_days,
    generation,
    count(*) as users,
    sum(case when is_mature then 1 else 0 end) as mature_users,
    sum(case when is_mature then offspring else 0 end) as offspring,
    sum(case when is_mature then offspring * offspring else 0 end) as offspring_squared
from {{ ref('int_offspring') }}
group by window_days, generation
