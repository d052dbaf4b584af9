-- Grain: one row per applied referral_id between two people: an arrow from the referrer to the referred user, whether the rules credit it or not.
select
    referral_id,
    referrer_user_id,
    referred_user_id,
    applied_at
from {{ ref('fct_referral') }}
where applied_at is not null and referrer_user_id <> referred_user_id
