-- Grain: one row per entry_date and reward_type, without holes from the first entry of the ledger to the day before T. Rebuilt: a late entry moves
-- every later balance. Orphan redemptions do not count, duplicates do.
with entries as (
    select
        entry_date,
        coalesce(reward_type, 'unknown') as reward_type,
        entry_type,
        signed_amount_usd
    from {{ ref('fct_rewards') }}
    where not is_orphan
),

ends as (select min(entry_date) as first_day from entries),

days as (
    select {{ every_day('first_day', hours_after(as_of(), -24)) }} as entry_date
    from ends
),

sides as (select distinct reward_type from entries),

movements as (
    select
        entry_date,
        reward_type,
        sum(case when entry_type = 'awarded' then signed_amount_usd else 0 end) as awarded_usd,
        sum(case when entry_type = 'redeemed' then -signed_amount_usd else 0 end) as redeemed_usd,
        sum(case when entry_type = 'withheld' then -signed_amount_usd else 0 end) as withheld_usd,
        sum(signed_amount_usd) as change_usd
    from entries
    group by entry_date, reward_type
),

balances as (
    select
        days.entry_date,
        sides.reward_type,
        coalesce(movements.awarded_usd, 0) as awarded_usd,
        coalesce(movements.redeemed_usd, 0) as redeemed_usd,
        coalesce(movements.withheld_usd, 0) as withheld_usd,
        sum(coalesce(movements.change_usd, 0)) over (
            partition by sides.reward_type order by days.entry_date rows between unbounded preceding and current row
        ) as closing_usd
    from days
    cross join sides
    left join movements on days.entry_date = movements.entry_date and sides.reward_type = movements.reward_type
)

select
    entry_date,
    reward_type,
    cast(lag(closing_usd, 1, 0) over (partition by reward_type order by entry_date) as decimal(18, 2)) as opening_usd,
    cast(awarded_usd as decimal(18, 2)) as awarded_usd,
    cast(redeemed_usd as decimal(18, 2)) as redeemed_usd,
    cast(withheld_usd as decimal(18, 2)) as withheld_usd,
    cast(closing_usd as decimal(18, 2)) as closing_usd
from balances
