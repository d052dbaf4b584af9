-- Grain: one row per user_id in users. Rebuilt: small, and the school at T and the credit of a referral can change for anyone.
with users as (select * from {{ ref('stg_users') }}),

milestones as (select * from {{ ref('int_user_milestones') }}),

schools_now as (
    select
        user_id,
        school_id
    from {{ ref('int_school_history') }}
    where valid_from <= {{ as_of() }} and valid_to > {{ as_of() }}
),

credits as (
    select
        timed.referred_user_id,
        timed.referrer_user_id
    from {{ ref('int_referrals_timed') }} as timed
    inner join {{ ref('int_referrals_credited') }} as credited on timed.referral_id = credited.referral_id
    where credited.is_credited
),

joined as (
    select
        users.user_id,
        users.user_type,
        coalesce(users.marketing_channel, 'unknown') as marketing_channel,
        coalesce(users.is_verified, true) as is_verified,
        coalesce(schools_now.school_id, -1) as school_id,
        users.created_at,
        milestones.first_install_at,
        milestones.onboarded_at,
        milestones.school_linked_at,
        milestones.first_scan_at,
        least(milestones.first_scan_at, milestones.school_linked_at) as first_qualifying_at,
        credits.referrer_user_id as referred_by_user_id,
        users.first_name,
        users.last_name
    from users
    left join milestones on users.user_id = milestones.user_id
    left join schools_now on users.user_id = schools_now.user_id
    left join credits on users.user_id = credits.referred_user_id
)

select
    user_id,
    case
        when first_name is null then 'User ' || cast(user_id as string)
        when last_name is null then first_name
        else first_name || ' ' || left(last_name, 1) || '.'
    end as display_name,
    user_type,
    marketing_channel,
    case
        when referred_by_user_id is not null then 'referral'
        when marketing_channel in ('paid_social', 'paid_search', 'influencer', 'partner') then 'paid'
        else 'organic'
    end as acquired_via,
    referred_by_user_id,
    is_verified,
    school_id,
    created_at,
    cast(created_at as date) as signup_date,
    {{ monday_of('created_at') }} as cohort_week,
    first_install_at,
    onboarded_at,
    school_linked_at,
    first_scan_at,
    first_qualifying_at,
    case
        when first_qualifying_at is null then null
        when first_scan_at = first_qualifying_at then 'scan'
        else 'school_link'
    end as qualifying_action,
    case when first_qualifying_at >= created_at then {{ hours_between('created_at', 'first_qualifying_at') }} end as hours_to_first_qualifying
from joined
