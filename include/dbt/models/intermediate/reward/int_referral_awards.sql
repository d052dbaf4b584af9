-- Grain: one row per referral_id with a reward entry: what became of each of its two sides. A side's state is its latest award or withholding.
with entries as (
    select
        *,
        row_number() over (partition by referral_id, reward_type order by entry_at desc, entry_id desc) as recency
    from {{ ref('int_reward_entries') }}
    where entry_type in ('awarded', 'withheld') and referral_id is not null
)

select
    referral_id,
    max(case when reward_type = 'referrer_bonus' and recency = 1 then entry_type end) as referrer_side,
    max(case when reward_type = 'referred_bonus' and recency = 1 then entry_type end) as referred_side,
    min(case when reward_type = 'referrer_bonus' and entry_type = 'awarded' then entry_at end) as referrer_awarded_at,
    min(case when reward_type = 'referred_bonus' and entry_type = 'awarded' then entry_at end) as referred_awarded_at
from entries
group by referral_id
