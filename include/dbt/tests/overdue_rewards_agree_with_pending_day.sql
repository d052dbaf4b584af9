-- The list of overdue rewards and the newest day of the count are two views of one thing: same number and same money for every reason.
with listed as (
    select
        waiting_on,
        count(*) as rewards,
        sum(amount_usd) as amount_usd
    from {{ ref('fct_overdue_reward') }}
    group by waiting_on
)

select
    counted.waiting_on,
    counted.rewards as counted_rewards,
    listed.rewards as listed_rewards,
    counted.amount_usd as counted_usd,
    listed.amount_usd as listed_usd
from {{ ref('fct_reward_pending_day') }} as counted
left join listed on counted.waiting_on = listed.waiting_on
where
    counted.activity_date = {{ days_after('cast(' ~ as_of() ~ ' as date)', -1) }}
    and (counted.rewards <> coalesce(listed.rewards, 0) or counted.amount_usd <> coalesce(listed.amount_usd, 0))
