-- Grain: one row per user and window of 30, 60 and 90 days from the making of the account, with what the user's own invitations came to within it.
-- The steps are nested, so that rates between them multiply to K: an invitation counts from its sending, or from its application when that is
-- recorded earlier, and nobody is eligible before having applied.
with windows as (
    select 30 as window_days
    union all
    select 60 as window_days
    union all
    select 90 as window_days
),

users as (
    select
        users.user_id,
        users.user_type,
        users.marketing_channel,
        users.acquired_via,
        users.school_id,
        users.created_at,
        users.cohort_week,
        places.depth,
        windows.window_days
    from {{ ref('dim_user') }} as users
    inner join {{ ref('fct_network_effects_user') }} as places on users.user_id = places.user_id
    cross join windows
),

invitations as (
    select
        referrals.referrer_user_id,
        least(referrals.sent_at, referrals.applied_at) as invited_at,
        referrals.applied_at,
        edges.eligible_at,
        referred.school_id
    from {{ ref('fct_referral') }} as referrals
    left join {{ ref('fct_network_edge') }} as edges on referrals.referral_id = edges.referral_id
    left join {{ ref('dim_user') }} as referred on edges.referred_user_id = referred.user_id
),

counted as (
    select
        users.user_id,
        users.window_days,
        sum(case when invitations.invited_at <= {{ hours_after('users.created_at', 'users.window_days * 24') }} then 1 else 0 end) as invitations,
        sum(case when invitations.applied_at <= {{ hours_after('users.created_at', 'users.window_days * 24') }} then 1 else 0 end) as applications,
        sum(case when invitations.eligible_at <= {{ hours_after('users.created_at', 'users.window_days * 24') }} then 1 else 0 end) as offspring,
        sum(
            case
                when
                    invitations.eligible_at <= {{ hours_after('users.created_at', 'users.window_days * 24') }}
                    and invitations.school_id = users.school_id
                    and users.school_id <> -1
                    then 1
                else 0
            end
        ) as offspring_same_school
    from users
    inner join invitations on users.user_id = invitations.referrer_user_id
    group by users.user_id, users.window_days
)

select
    users.user_id,
    users.window_days,
    users.user_type,
    users.marketing_channel,
    users.acquired_via,
    users.school_id,
    users.depth as generation,
    users.cohort_week,
    cast(date_trunc('month', users.created_at) as date) as cohort_month,
    cast(users.created_at as date) >= records.first_day as is_observed,
    {{ is_mature('users.created_at', 'users.window_days') }} as is_mature,
    coalesce(counted.invitations, 0) as invitations,
    coalesce(counted.applications, 0) as applications,
    coalesce(counted.offspring, 0) as offspring,
    coalesce(counted.offspring_same_school, 0) as offspring_same_school
from users
cross join {{ ref('int_records') }} as records
left join counted on users.user_id = counted.user_id and users.window_days = counted.window_days
