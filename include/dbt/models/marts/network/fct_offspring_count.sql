-- Grain: one row per window_days and offspring, a number of offspring from 0 to the greatest that a mature user has. Rebuilt: small.
select
    cast(window_days as integer) as window_days,
    cast(offspring as integer) as offspring,
    cast(users as bigint) as users,
    cast(users_by_luck as double) as users_by_luck,
    cast(users_fitted as double) as users_fitted,
    cast(luck_p_value as double) as luck_p_value,
    cast(luck_q_value as double) as luck_q_value
from {{ ref('int_offspring_counts') }}
