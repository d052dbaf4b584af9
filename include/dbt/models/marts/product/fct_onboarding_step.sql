-- Grain: one row per cohort_week, platform, app_version, marketing_channel, user_type and step after signup. Rebuilt: small, and maturity moves with
-- T.
with counted as (
    select
        cohort_week,
        platform,
        app_version,
        marketing_channel,
        user_type,
        step_number,
        step,
        count(*) as users,
        sum(case when is_mature then 1 else 0 end) as mature_users,
        sum(case when is_mature and has_reached_previous then 1 else 0 end) as reached_previous_users,
        sum(case when is_mature and has_reached then 1 else 0 end) as reached_users
    from {{ ref('int_onboarding_steps_judged') }}
    group by cohort_week, platform, app_version, marketing_channel, user_type, step_number, step
)

select
    counted.cohort_week,
    counted.platform,
    counted.app_version,
    counted.marketing_channel,
    counted.user_type,
    counted.step_number,
    counted.step,
    cast(counted.users as bigint) as users,
    cast(counted.mature_users as bigint) as mature_users,
    cast(counted.reached_previous_users as bigint) as reached_previous_users,
    cast(counted.reached_users as bigint) as reached_users,
    {{ rate('counted.reached_users', 'counted.reached_previous_users') }} as step_share,
    {{ wilson_low('counted.reached_users', 'counted.reached_previous_users') }} as step_share_low,
    {{ wilson_high('counted.reached_users', 'counted.reached_previous_users') }} as step_share_high,
    counted.cohort_week >= records.first_day as is_observed,
    counted.mature_users = counted.users as is_mature
from counted
cross join {{ ref('int_records') }} as records
