{% set windows = {'onboarding_started': 7, 'onboarding_completed': 7, 'qualified': 30} %}
-- Grain: one row per user and step after signup. A step is reached when it and all before it are known, and its window, counted from the moment at
-- which those before it were complete, has not passed; what somebody did ahead of turn is not held against them. A user is judged on a step when all
-- windows up to it (days_to_step) and 7 days for late data have passed.
with users as (
    select
        funnel.user_id,
        funnel.cohort_week,
        coalesce(funnel.platform, 'unknown') as platform,
        coalesce(funnel.app_version, 'unknown') as app_version,
        funnel.marketing_channel,
        users.user_type,
        funnel.signed_up_at,
        case when funnel.onboarding_started_at is not null then greatest(funnel.signed_up_at, funnel.onboarding_started_at) end as started_at,
        funnel.onboarding_completed_at,
        funnel.first_qualifying_at
    from {{ ref('fct_onboarding_funnel') }} as funnel
    inner join {{ ref('dim_user') }} as users on funnel.user_id = users.user_id
),

in_order as (
    select
        *,
        case when started_at is not null and onboarding_completed_at is not null then greatest(started_at, onboarding_completed_at) end
            as completed_at
    from users
),

timed as (
    select
        *,
        coalesce(started_at <= {{ hours_after('signed_up_at', windows['onboarding_started'] * 24) }}, false) as has_started,
        coalesce(completed_at <= {{ hours_after('started_at', windows['onboarding_completed'] * 24) }}, false) as is_completed_in_time,
        coalesce(
            greatest(completed_at, first_qualifying_at) <= {{ hours_after('completed_at', windows['qualified'] * 24) }}
            and first_qualifying_at is not null,
            false
        ) as is_qualified_in_time
    from in_order
),

judged as (
    select
        *,
        1 as step_number,
        'onboarding_started' as step,
        {{ windows['onboarding_started'] }} as days_to_step,
        true as has_reached_previous,
        has_started as has_reached
    from timed
    union all
    select
        *,
        2 as step_number,
        'onboarding_completed' as step,
        {{ windows['onboarding_started'] + windows['onboarding_completed'] }} as days_to_step,
        has_started as has_reached_previous,
        has_started and is_completed_in_time as has_reached
    from timed
    union all
    select
        *,
        3 as step_number,
        'qualified' as step,
        {{ windows.values() | sum }} as days_to_step,
        has_started and is_completed_in_time as has_reached_previous,
        has_started and is_completed_in_time and is_qualified_in_time as has_reached
    from timed
)

select
    user_id,
    cohort_week,
    platform,
    app_version,
    marketing_channel,
    user_type,
    signed_up_at,
    step_number,
    step,
    days_to_step,
    {{ is_mature('signed_up_at', 'days_to_step') }} as is_mature,
    has_reached_previous,
    has_reached
from judged
