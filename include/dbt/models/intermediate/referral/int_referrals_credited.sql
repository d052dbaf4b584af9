-- Grain: one row per referral_id. Rule R7: a referred user is credited to one referral, the valid one that was applied first; at equal times the
-- lower referral_id. Valid means that R1, R2, R3 and R6 hold.
with judged as (
    select
        timed.referral_id,
        timed.referred_user_id,
        timed.applied_at,
        coalesce(
            referrer.is_referrer_verified and newness.is_new_user and in_time.is_within_48h and not self_check.is_self_referral,
            false
        ) as is_valid
    from {{ ref('int_referrals_timed') }} as timed
    inner join {{ ref('int_referrals_referrer_checked') }} as referrer on timed.referral_id = referrer.referral_id
    inner join {{ ref('int_referrals_newness_checked') }} as newness on timed.referral_id = newness.referral_id
    inner join {{ ref('int_referrals_window_checked') }} as in_time on timed.referral_id = in_time.referral_id
    inner join {{ ref('int_referrals_self_checked') }} as self_check on timed.referral_id = self_check.referral_id
),

ranked as (
    select
        *,
        row_number() over (partition by referred_user_id, is_valid order by applied_at, referral_id) as application_rank
    from judged
)

select
    referral_id,
    is_valid and application_rank = 1 as is_credited
from ranked
