-- Every day opening + awarded - redeemed - withheld = closing, a closing balance opens the next day, and the last one is what the ledger adds up to.
-- Stops the run: money is missing or counted twice.
with balances as (
    select
        *,
        lag(closing_usd, 1, 0) over (partition by reward_type order by entry_date) as closed_before_usd,
        lag(entry_date) over (partition by reward_type order by entry_date) as day_before,
        row_number() over (partition by reward_type order by entry_date desc) as recency
    from {{ ref('fct_reward_balance_day') }}
),

ledger as (
    select
        coalesce(reward_type, 'unknown') as reward_type,
        sum(signed_amount_usd) as balance_usd
    from {{ ref('fct_rewards') }}
    where not is_orphan
    group by coalesce(reward_type, 'unknown')
)

select
    coalesce(balances.reward_type, ledger.reward_type) as reward_type,
    balances.entry_date,
    balances.opening_usd,
    balances.closing_usd,
    balances.closed_before_usd,
    ledger.balance_usd
from balances
full outer join ledger on balances.reward_type = ledger.reward_type
where
    balances.entry_date is null
    or balances.opening_usd <> balances.closed_before_usd
    or balances.opening_usd + balances.awarded_usd - balances.redeemed_usd - balances.withheld_usd <> balances.closing_usd
    or {{ days_between('balances.day_before', 'balances.entry_date') }} <> 1
    or (balances.recency = 1 and balances.closing_usd is distinct from ledger.balance_usd)
