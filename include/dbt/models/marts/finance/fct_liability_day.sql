-- Grain: one row per activity_date, without holes from the first entry or the first reward that fell due to the day before T: what is owed in the
-- evening. Rebuilt: a late entry moves every later day.
with balances as (
    select
        entry_date as activity_date,
        sum(awarded_usd) as awarded_usd,
        sum(redeemed_usd) as redeemed_usd,
        sum(withheld_usd) as withheld_usd,
        sum(closing_usd) as closing_usd
    from {{ ref('fct_reward_balance_day') }}
    group by entry_date
),

unpaid_moves as (
    select
        eligible_date as activity_date,
        sides as rewards,
        amount_usd
    from {{ ref('int_forecast_due') }}
    union all
    select
        closed_date as activity_date,
        -sides as rewards,
        -amount_usd as amount_usd
    from {{ ref('int_forecast_due') }}
    where closed_date is not null
),

unpaid_days as (
    select
        activity_date,
        sum(rewards) as rewards,
        sum(amount_usd) as amount_usd
    from unpaid_moves
    group by activity_date
),

ends as (
    select min(activity_date) as first_day
    from (
        select activity_date from balances
        union all
        select activity_date from unpaid_days
    ) as any_day
),

days as (
    select {{ every_day('first_day', hours_after(as_of(), -24)) }} as activity_date
    from ends
),

evenings as (
    select
        days.activity_date,
        coalesce(balances.awarded_usd, 0) as awarded_usd,
        coalesce(balances.redeemed_usd, 0) as redeemed_usd,
        coalesce(balances.withheld_usd, 0) as withheld_usd,
        coalesce(balances.closing_usd, 0) as closing_usd,
        sum(coalesce(unpaid_days.rewards, 0)) over (order by days.activity_date rows unbounded preceding) as unpaid_rewards,
        sum(coalesce(unpaid_days.amount_usd, 0)) over (order by days.activity_date rows unbounded preceding) as unpaid_usd
    from days
    left join balances on days.activity_date = balances.activity_date
    left join unpaid_days on days.activity_date = unpaid_days.activity_date
)

select
    activity_date,
    cast(awarded_usd as decimal(18, 2)) as awarded_usd,
    cast(redeemed_usd as decimal(18, 2)) as redeemed_usd,
    cast(withheld_usd as decimal(18, 2)) as withheld_usd,
    cast(closing_usd as decimal(18, 2)) as closing_usd,
    cast(unpaid_rewards as bigint) as unpaid_rewards,
    cast(unpaid_usd as decimal(18, 2)) as unpaid_usd,
    cast(closing_usd + unpaid_usd as decimal(18, 2)) as liability_usd
from evenings
