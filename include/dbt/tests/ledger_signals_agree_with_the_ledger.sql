-- Every second award, redemption without an award, improper and overdue award state has its signal, and no signal is without one.
with signals as (
    select
        signal_type,
        count(*) as entities
    from {{ ref('fct_trust_safety_signals') }}
    group by signal_type
),

facts as (
    select
        'duplicate_award' as signal_type,
        count(distinct coalesce('r' || cast(referral_id as varchar), 'u' || cast(user_id as varchar))) as entities
    from {{ ref('fct_rewards') }}
    where is_duplicate
    union all
    select
        'orphan_redemption' as signal_type,
        count(distinct coalesce('r' || cast(referral_id as varchar), 'u' || cast(user_id as varchar))) as entities
    from {{ ref('fct_rewards') }}
    where is_orphan
    union all
    select
        'improper_award' as signal_type,
        count(*) as entities
    from {{ ref('fct_referral') }}
    where award_state = 'improper'
    union all
    select
        'overdue_reward' as signal_type,
        count(*) as entities
    from {{ ref('fct_referral') }}
    where award_state = 'overdue'
)

select
    facts.signal_type,
    facts.entities as in_facts,
    coalesce(signals.entities, 0) as in_signals
from facts
left join signals on facts.signal_type = signals.signal_type
where facts.entities <> coalesce(signals.entities, 0)
