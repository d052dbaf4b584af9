-- Grain: one row per referral_id. Rule R4: the referred user completed onboarding.
select
    referral_id,
    onboarded_at is not null as is_onboarded
from {{ ref('int_referrals_timed') }}
