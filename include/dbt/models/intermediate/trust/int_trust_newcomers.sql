-- Grain: one row per applied referral_id that brought a new account: what the newcomer did afterwards. Nothing is said (null) before the days in
-- question have passed and a week for late rows. came_back: opened, scanned or bought something in the first week after the day of sign-up.
-- is_silent: qualified by the cheapest act, a linked school, and by day 21 no receipt, no purchase, and no sign of life from day 15 on.
with referrals as (
    select *
    from {{ ref('fct_referral') }}
    where applied_at is not null and is_new_user
),

days as (
    select
        referrals.referral_id,
        bool_or(days.is_active and days.days_since_signup between 1 and {{ threshold('trust_early_days') }}) as came_back,
        bool_or(days.is_contributing) as has_contributed,
        bool_or(days.is_active and days.days_since_signup >= {{ threshold('trust_silent_from_day') }}) as is_still_here
    from referrals
    inner join {{ ref('fct_user_day') }} as days
        on referrals.referred_user_id = days.user_id and days.days_since_signup <= {{ threshold('trust_silent_to_day') }}
    group by referrals.referral_id
)

select
    referrals.referral_id,
    referrals.referrer_user_id,
    referrals.referred_user_id,
    coalesce(referrals.referrer_user_type, 'unknown') as referrer_user_type,
    referrals.sent_at,
    referrals.applied_at,
    referrals.qualified_at,
    case
        when {{ hours_after('referrals.signup_at', (threshold('trust_early_days') + 7) * 24) }} <= {{ as_of() }} then coalesce(days.came_back, false)
    end as came_back,
    case
        when {{ hours_after('referrals.signup_at', (threshold('trust_silent_to_day') + 7) * 24) }} <= {{ as_of() }}
            then
                coalesce(referrals.qualifying_action = 'school_link', false)
                and not coalesce(days.has_contributed, false)
                and not coalesce(days.is_still_here, false)
    end as is_silent
from referrals
left join days on referrals.referral_id = days.referral_id
