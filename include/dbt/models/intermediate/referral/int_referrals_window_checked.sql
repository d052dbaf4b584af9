-- Grain: one row per referral_id. Rule R3: the code is used at sign-up, or within 48 hours of the first install, end included; without an install the
-- clock starts at sign-up. Null without an application. A referred user who is not in users is judged by the install alone.
select
    timed.referral_id,
    case
        when timed.applied_at is null then null
        else coalesce(
            timed.applied_at <= timed.signup_at
            or timed.applied_at <= {{ hours_after('coalesce(timed.first_install_at, timed.signup_at)', 'policy.attribution_hours') }},
            false
        )
    end as is_within_48h
from {{ ref('int_referrals_timed') }} as timed
cross join {{ ref('int_policy') }} as policy
