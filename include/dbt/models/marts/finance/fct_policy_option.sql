{% set conversion_days = 30 %}
-- Grain: one row per window_hours and qualifying action: how many of the mature referrals would be eligible under these rules. The other rules hold
-- as they are, one credit per friend included. Rebuilt: a verdict on any referral can change it.
with policy as (select * from {{ ref('int_policy') }}),

windows as (
    select 24 as window_hours
    union
    select 48 as window_hours
    union
    select 72 as window_hours
    union
    select 96 as window_hours
    union
    select attribution_hours as window_hours
    from policy
),

actions as (
    select 'scan_or_link' as qualifying
    union all
    select 'link_required' as qualifying
),

options as (
    select
        windows.window_hours,
        actions.qualifying,
        windows.window_hours = policy.attribution_hours and actions.qualifying = policy.qualifying as is_in_force
    from windows
    cross join actions
    cross join policy
),

valid_but_for_the_window as (
    select *
    from {{ ref('fct_referral') }}
    where applied_at is not null and not is_self_referral and is_referrer_verified and is_new_user
),

-- the first valid application of a friend takes the credit, whenever its invitation was sent
credited as (
    select
        options.window_hours,
        options.qualifying,
        referrals.referral_id,
        referrals.sent_at,
        referrals.onboarded_at,
        case
            when options.qualifying = 'scan_or_link' then least(referrals.first_scan_at, referrals.school_linked_at)
            else referrals.school_linked_at
        end as qualified_at,
        row_number() over (
            partition by options.window_hours, options.qualifying, referrals.referred_user_id order by referrals.applied_at, referrals.referral_id
        ) as occurrence
    from valid_but_for_the_window as referrals
    cross join options
    where
        referrals.applied_at <= referrals.signup_at
        or referrals.applied_at <= {{ hours_after('coalesce(referrals.first_install_at, referrals.signup_at)', 'options.window_hours') }}
),

eligible as (
    select
        window_hours,
        qualifying,
        referral_id
    from credited
    where occurrence = 1 and onboarded_at is not null and qualified_at is not null and {{ is_mature('sent_at', conversion_days) }}
),

in_force as (
    select eligible.referral_id
    from eligible
    inner join options on eligible.window_hours = options.window_hours and eligible.qualifying = options.qualifying
    where options.is_in_force
),

mature as (
    select count(*) as referrals
    from {{ ref('fct_referral') }}
    where {{ is_mature('sent_at', conversion_days) }}
),

counted as (
    select
        options.window_hours,
        options.qualifying,
        options.is_in_force,
        count(eligible.referral_id) as eligible_referrals,
        count(in_force.referral_id) as eligible_in_both
    from options
    left join eligible on options.window_hours = eligible.window_hours and options.qualifying = eligible.qualifying
    left join in_force on eligible.referral_id = in_force.referral_id
    group by options.window_hours, options.qualifying, options.is_in_force
)

select
    cast(counted.window_hours as integer) as window_hours,
    counted.qualifying,
    counted.is_in_force,
    mature.referrals,
    counted.eligible_referrals,
    counted.eligible_in_both,
    {{ rate('counted.eligible_referrals', 'mature.referrals') }} as conversion,
    {{ wilson_low('counted.eligible_referrals', 'mature.referrals') }} as conversion_low,
    {{ wilson_high('counted.eligible_referrals', 'mature.referrals') }} as conversion_high
from counted
cross join mature
