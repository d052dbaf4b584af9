-- Grain: one row per window_days and number of offspring that a mature user has.
select
    window_days,
    offspring,
    count(*) as users
from {{ ref('int_offspring') }}
where is_mature
group by window_days, offspring
