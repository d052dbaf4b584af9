-- Grain: one row per window_days and user_id of a mature user whose offspring luck alone makes unlikely. Rebuilt: maturity moves with T. By the false
-- discovery rate, at most 5 % of those listed are expected to be merely lucky (Benjamini and Hochberg 1995).
with totals as (
    select
        window_days,
        sum(offspring) as all_offspring,
        count(*) as mature_users
    from {{ ref('int_offspring') }}
    where is_mature
    group by window_days
),

-- what came in the 30 days after the window of 30: luck does not last
halves as (
    select
        user_id,
        max(case when window_days = 30 then offspring end) as within_30_days,
        max(case when window_days = 60 and is_mature then offspring end) as within_60_days
    from {{ ref('int_offspring') }}
    group by user_id
)

select
    cast(users.window_days as integer) as window_days,
    users.user_id,
    users.user_type,
    users.marketing_channel,
    users.school_id,
    cast(users.offspring as integer) as offspring,
    {{ rate('totals.all_offspring', 'totals.mature_users') }} as expected_by_luck,
    cast(totals.all_offspring as bigint) as all_offspring,
    {{ rate('users.offspring', 'totals.all_offspring') }} as offspring_share,
    counts.luck_p_value,
    counts.luck_q_value,
    cast(halves.within_30_days as integer) as offspring_days_1_to_30,
    cast(halves.within_60_days - halves.within_30_days as integer) as offspring_days_31_to_60
from {{ ref('int_offspring') }} as users
inner join {{ ref('fct_offspring_count') }} as counts
    on users.window_days = counts.window_days and users.offspring = counts.offspring
inner join totals on users.window_days = totals.window_days
inner join halves on users.user_id = halves.user_id
where users.is_mature and users.offspring > 0 and counts.luck_q_value <= 0.05
