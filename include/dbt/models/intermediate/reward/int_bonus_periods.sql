-- Grain: one row per reward_type and period in which its bonus does not change; the last period is open.
select
    reward_type,
    amount_usd,
    effective_from,
    lead(effective_from) over (partition by reward_type order by effective_from) as effective_until
from {{ ref('reward_bonus') }}
