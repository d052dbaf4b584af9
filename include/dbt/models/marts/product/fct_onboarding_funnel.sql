-- Grain: one row per user_id in users: when the user took each step of onboarding. Rebuilt: small, and maturity moves with T.
with ranked as (
    select
        user_id,
        event_type,
        event_at,
        platform,
        app_version,
        row_number() over (partition by user_id, event_type order by event_at, event_id) as occurrence
    from {{ ref('stg_events') }}
    where event_type in ('install', 'onboarding_started')
),

firsts as (
    select
        user_id,
        max(case when event_type = 'install' then platform end) as platform,
        max(case when event_type = 'install' then app_version end) as app_version,
        max(case when event_type = 'onboarding_started' then event_at end) as onboarding_started_at
    from ranked
    where occurrence = 1
    group by user_id
),

steps as (
    select
        users.user_id,
        firsts.platform,
        firsts.app_version,
        users.marketing_channel,
        users.acquired_via,
        users.cohort_week,
        {{ hours_after('users.created_at', (7 + 7) * 24) }} <= {{ as_of() }} as is_mature,
        users.first_install_at as installed_at,
        users.created_at as signed_up_at,
        firsts.onboarding_started_at,
        users.onboarded_at as onboarding_completed_at,
        users.first_qualifying_at,
        users.qualifying_action,
        coalesce(users.first_qualifying_at <= {{ hours_after('users.created_at', 7 * 24) }}, false) as is_activated
    from {{ ref('dim_user') }} as users
    left join firsts on users.user_id = firsts.user_id
)

select
    *,
    case when installed_at is null then 0 else 1 end
    + case when signed_up_at is null then 0 else 1 end
    + case when onboarding_started_at is null then 0 else 1 end
    + case when onboarding_completed_at is null then 0 else 1 end
    + case when first_qualifying_at is null then 0 else 1 end as steps_reached
from steps
