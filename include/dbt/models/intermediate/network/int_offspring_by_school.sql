-- Grain: one row per school_id that users have at T, -1 for none: sums over the users mature for 60 days.
select
    school_id,
    count(*) as mature_users,
    sum(offspring) as offspring,
    sum(offspring * offspring) as offspring_squared,
    sum(offspring_same_school) as offspring_same_school
from {{ ref('int_offspring') }}
where window_days = 60 and is_mature
group by school_id
