-- Grain: one row per cohort_week of sending, channel and referrer_user_type. Rebuilt: small, and maturity moves with T.
with counted as (
    select
        cohort_week,
        channel,
        coalesce(referrer_user_type, 'unknown') as referrer_user_type,
        {{ referral_step_counts() }}
    from {{ ref('int_referral_steps') }}
    group by cohort_week, channel, coalesce(referrer_user_type, 'unknown')
)

select
    *,
    mature_sent = sent as is_mature
from counted
