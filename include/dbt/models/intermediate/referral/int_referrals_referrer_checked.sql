-- Grain: one row per referral_id. Rule R1: the referrer is an existing user with a verified account. An empty is_verified counts as verified.
select
    referral_id,
    is_referrer_known and coalesce(referrer_is_verified, true) as is_referrer_verified
from {{ ref('int_referrals_timed') }}
