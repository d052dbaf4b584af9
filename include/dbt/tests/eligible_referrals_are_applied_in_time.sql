-- Rule R3, judged again from install and application events: an eligible referral was applied by its referred user at sign-up or within the hours of
-- the policy after the first install (without one, after sign-up). Stops the run: two bonuses would be promised for a late application.
with applications as (
    select
        referral_id,
        user_id,
        min(event_at) as applied_at
    from {{ ref('int_referral_events') }}
    where event_type = 'referral_applied'
    group by referral_id, user_id
),

installs as (
    select
        user_id,
        min(event_at) as first_install_at
    from {{ ref('stg_events') }}
    where event_type = 'install'
    group by user_id
)

select
    referrals.referral_id,
    applications.applied_at,
    users.created_at,
    installs.first_install_at
from {{ ref('fct_referral') }} as referrals
cross join {{ ref('int_policy') }} as policy
left join applications on referrals.referral_id = applications.referral_id and referrals.referred_user_id = applications.user_id
left join {{ ref('stg_users') }} as users on referrals.referred_user_id = users.user_id
left join installs on referrals.referred_user_id = installs.user_id
where
    referrals.rule_outcome = 'eligible'
    and (
        applications.applied_at is null
        or (
            applications.applied_at > users.created_at
            and applications.applied_at
            > {{ hours_after('coalesce(installs.first_install_at, users.created_at)', 'policy.attribution_hours') }}
        )
    )
