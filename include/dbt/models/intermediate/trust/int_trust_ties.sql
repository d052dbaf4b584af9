-- Grain: one row per pair of people whom strong evidence of abuse puts into one case: referrer and referred of a referral that a strong signal is
-- about, and the newcomers whom one cluster's signal is about. Weak evidence ties nobody: one honest friend would chain two cases.
with strong as (
    select
        *,
        min(referred_user_id) over (partition by signal_id) as first_referred_user_id
    from {{ ref('int_trust_findings') }}
    where kind = 'abuse' and points >= {{ threshold('trust_tying_points') }} and referred_user_id is not null
)

select
    referrer_user_id as user_id,
    referred_user_id as other_user_id
from strong
where referrer_user_id <> referred_user_id
union
select
    first_referred_user_id as user_id,
    referred_user_id as other_user_id
from strong
where entity_type = 'cluster' and first_referred_user_id <> referred_user_id
