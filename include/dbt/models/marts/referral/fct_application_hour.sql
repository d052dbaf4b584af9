{% set last_hour = 168 %}
-- Grain: one row per hour since the first install, 0 .. 168: applications of codes of referrals whose referred user installed 7 days ago, with 7
-- more for late data. Rebuilt: small, and maturity moves with T. Hour h holds what comes after h - 1 and up to h hours, its end included, so that a
-- window of h hours is the sum up to it; hour 0 what comes at or before the install.
with applications as (
    select
        referrals.referral_id,
        cast(greatest(0, ceil({{ hours_between('referrals.first_install_at', 'referrals.applied_at') }})) as integer) as hour_since_install,
        coalesce(referrals.applied_at <= referrals.signup_at, false) as is_at_signup,
        referrals.is_new_user
        and referrals.is_referrer_verified
        and not referrals.is_self_referral
        and referrals.onboarded_at is not null
        and referrals.qualified_at is not null as meets_other_rules,
        referrals.rule_outcome = 'eligible' as is_eligible
    from {{ ref('fct_referral') }} as referrals
    where referrals.applied_at is not null and {{ is_mature('referrals.first_install_at', 7) }}
),

counted as (
    select
        hour_since_install,
        count(*) as applications,
        sum(case when is_at_signup then 1 else 0 end) as applications_at_signup,
        sum(case when meets_other_rules then 1 else 0 end) as applications_meeting_other_rules,
        sum(case when is_eligible then 1 else 0 end) as eligible_applications
    from applications
    group by hour_since_install
),

hours as (select {{ every_number(0, last_hour) }} as hour_since_install)

select
    hours.hour_since_install,
    cast(coalesce(counted.applications, 0) as bigint) as applications,
    cast(coalesce(counted.applications_at_signup, 0) as bigint) as applications_at_signup,
    cast(coalesce(counted.applications_meeting_other_rules, 0) as bigint) as applications_meeting_other_rules,
    cast(coalesce(counted.eligible_applications, 0) as bigint) as eligible_applications
from hours
left join counted on hours.hour_since_install = counted.hour_since_install
