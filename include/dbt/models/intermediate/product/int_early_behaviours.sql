-- Grain: one row per outcome (`activated`, `retained`) and user for whom it can be judged: what the user did before the landmark, 24 hours after
-- signup for activation and 7 days for retention, and whether the outcome came after it. Everybody has had the same time for both, so that those who
-- did something are not those who had longer to do it. Only people who are there at the landmark are asked about what comes after it: for activation
-- those who have not qualified yet, for retention those active on any of the days 1 to 6. Accounts older than the records are left out.
with firsts as (
    select
        user_id,
        min(case when event_type = 'incentive_viewed' then event_at end) as viewed_incentive_at,
        min(case when event_type = 'payment_method_added' then event_at end) as added_payment_at,
        min(case when event_type = 'invite_sent' then event_at end) as sent_invite_at
    from {{ ref('stg_events') }}
    where event_type in ('incentive_viewed', 'payment_method_added', 'invite_sent')
    group by user_id
),

days as (
    select
        user_id,
        sum(case when days_since_signup between 0 and 6 and app_opens > 0 then 1 else 0 end) as days_opened,
        max(case when days_since_signup between 1 and 6 and is_active then 1 else 0 end) as is_there_at_landmark, -- week 0 of retention
        max(case when days_since_signup between 49 and 55 and is_active then 1 else 0 end) as is_retained -- week 7
    from {{ ref('fct_user_day') }}
    where days_since_signup between 0 and 55
    group by user_id
),

users as (
    select
        users.user_id,
        users.user_type,
        users.marketing_channel,
        users.is_verified,
        users.created_at,
        users.onboarded_at,
        users.first_scan_at,
        users.school_linked_at,
        users.first_qualifying_at,
        cast(date_trunc('month', users.created_at) as date) as cohort_month,
        coalesce(funnel.platform = 'ios', false) as uses_ios,
        firsts.viewed_incentive_at,
        firsts.added_payment_at,
        firsts.sent_invite_at,
        coalesce(days.days_opened, 0) as days_opened,
        coalesce(days.is_there_at_landmark, 0) = 1 as is_there_at_landmark,
        coalesce(days.is_retained, 0) = 1 as is_retained
    from {{ ref('dim_user') }} as users
    cross join {{ ref('int_records') }} as records
    inner join {{ ref('fct_onboarding_funnel') }} as funnel on users.user_id = funnel.user_id
    left join firsts on users.user_id = firsts.user_id
    left join days on users.user_id = days.user_id
    where users.signup_date >= records.first_day
),

landmarks as (
    select
        *,
        'retained' as outcome,
        {{ hours_after('created_at', 7 * 24) }} as landmark_at,
        is_retained as has_outcome
    from users
    where {{ is_mature('created_at', 56) }} and is_there_at_landmark
    union all
    select
        *,
        'activated' as outcome,
        {{ hours_after('created_at', 24) }} as landmark_at,
        coalesce(first_qualifying_at <= {{ hours_after('created_at', 7 * 24) }}, false) as has_outcome
    from users
    where
        {{ is_mature('created_at', 7) }}
        and coalesce(first_qualifying_at > {{ hours_after('created_at', 24) }}, true)
)

select
    outcome,
    user_id,
    cohort_month,
    marketing_channel,
    user_type,
    has_outcome,
    coalesce(onboarded_at <= landmark_at, false) as completed_onboarding,
    coalesce(school_linked_at <= landmark_at, false) as linked_school,
    coalesce(first_scan_at <= landmark_at, false) as scanned_receipt,
    coalesce(added_payment_at <= landmark_at, false) as added_payment,
    coalesce(viewed_incentive_at <= landmark_at, false) as viewed_incentive,
    coalesce(sent_invite_at <= landmark_at, false) as sent_invite,
    days_opened >= 3 as opened_on_three_days,
    uses_ios,
    is_verified
from landmarks
