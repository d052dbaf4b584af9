-- Grain: one row per annotation_date, kind and title: something that happened to everybody on that day. Rebuilt from the seed and the bonus changes.
with bonus_changes as (
    select
        change_date,
        is_announced,
        amount_before_usd,
        amount_usd,
        case when count(*) > 1 then 'Both bonuses' when max(reward_type) = 'referrer_bonus' then 'Referrer bonus' else 'Friend bonus' end as who
    from {{ ref('int_bonus_changes') }}
    group by change_date, is_announced, amount_before_usd, amount_usd
)

select
    day as annotation_date,
    kind,
    title
from {{ ref('annotation') }}
union all
select
    change_date as annotation_date,
    'bonus_change' as kind,
    concat(who, ' $', cast(amount_before_usd as decimal(12, 2)), ' to $', cast(amount_usd as decimal(12, 2))) as title
from bonus_changes
