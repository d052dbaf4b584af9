-- Grain: one row per applied referral_id whose referred user's first install is a re-install: a bonus asked for somebody who was here before (rule
-- R2).
select
    'reinstall_abuse' as signal_type,
    'referral' as entity_type,
    referrals.referral_id as entity_id,
    'applied' as grade,
    referrals.referral_id,
    greatest(referrals.applied_at, referrals.first_install_at) as completed_at,
    coalesce(money.at_risk_usd, 0) as amount_usd,
    {{ json_document({
        'referrer_user_id': 'referrals.referrer_user_id',
        'referred_user_id': 'referrals.referred_user_id',
        'first_install_at': 'referrals.first_install_at',
        'applied_at': 'referrals.applied_at',
    }) }} as evidence_json
from {{ ref('int_referrals_timed') }} as referrals
left join {{ ref('int_trust_money') }} as money on referrals.referral_id = money.referral_id
where referrals.applied_at is not null and referrals.is_first_install_reinstall
