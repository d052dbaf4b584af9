-- A referral has a signal of self-referral exactly when rule R6 says so: the signals tell apart what the verdict adds up.
with signals as (
    select distinct entity_id as referral_id
    from {{ ref('fct_trust_safety_signals') }}
    where signal_type like 'self_referral_%'
)

select
    referrals.referral_id,
    referrals.is_self_referral,
    signals.referral_id is not null as has_signal
from {{ ref('fct_referral') }} as referrals
left join signals on referrals.referral_id = signals.referral_id
where referrals.is_self_referral <> (signals.referral_id is not null)
