-- Grain: one row per referrer_school_id, the school of the referrer when the invitation was sent. Rebuilt: small, and maturity moves with T.
with counted as (
    select
        referrer_school_id,
        {{ referral_step_counts() }}
    from {{ ref('int_referral_steps') }}
    group by referrer_school_id
)

select
    *,
    {{ rate('eligible', 'mature_sent') }} as conversion,
    {{ wilson_low('eligible', 'mature_sent') }} as conversion_low,
    {{ wilson_high('eligible', 'mature_sent') }} as conversion_high
from counted
