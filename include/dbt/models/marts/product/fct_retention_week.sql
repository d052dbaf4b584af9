-- Grain: one row per cohort_week of signup, platform (with `all`) and week_number since signup that has begun for the oldest of the cohort. Rebuilt:
-- small, and maturity moves with T. Week n >= 1 is the days 7n .. 7n + 6 after the day of signup, week 0 the days 1 .. 6; a user is mature for week
-- n when 7 (n + 1) + 7 days have passed since signup.
with activity as (
    select
        user_id,
        cast(floor(days_since_signup / 7) as integer) as week_number,
        max(case when is_active then 1 else 0 end) as is_retained,
        max(case when is_contributing then 1 else 0 end) as is_contributing
    from {{ ref('fct_user_day') }}
    where days_since_signup >= 1
    group by user_id, cast(floor(days_since_signup / 7) as integer)
),

oldest as (
    select cast({{ days_between('min(cohort_week)', 'cast(' ~ as_of() ~ ' as date)') }} / 7 as integer) as weeks
    from {{ ref('int_users_by_platform') }}
),

week_numbers as (
    select {{ every_number(0, 'weeks') }} as week_number
    from oldest
),

brackets as (
    select
        users.cohort_week,
        users.platform,
        week_numbers.week_number,
        {{ is_mature('users.signed_up_at', '7 * (week_numbers.week_number + 1)') }} as is_mature,
        coalesce(activity.is_retained, 0) as is_retained,
        coalesce(activity.is_contributing, 0) as is_contributing
    from {{ ref('int_users_by_platform') }} as users
    inner join week_numbers
        on {{ hours_after('cast(users.cohort_week as timestamp)', '7 * 24 * week_numbers.week_number') }} < {{ as_of() }}
    left join activity on users.user_id = activity.user_id and week_numbers.week_number = activity.week_number
),

counted as (
    select
        cohort_week,
        platform,
        week_number,
        count(*) as users,
        sum(case when is_mature then 1 else 0 end) as mature_users,
        sum(case when is_mature then is_retained else 0 end) as retained_users,
        sum(case when is_mature then is_contributing else 0 end) as contributing_users
    from brackets
    group by cohort_week, platform, week_number
)

select
    counted.cohort_week,
    counted.platform,
    counted.week_number,
    cast(counted.users as bigint) as users,
    cast(counted.mature_users as bigint) as mature_users,
    cast(counted.retained_users as bigint) as retained_users,
    {{ rate('counted.retained_users', 'counted.mature_users') }} as retained_share,
    {{ wilson_low('counted.retained_users', 'counted.mature_users') }} as retained_share_low,
    {{ wilson_high('counted.retained_users', 'counted.mature_users') }} as retained_share_high,
    cast(counted.contributing_users as bigint) as contributing_users,
    {{ rate('counted.contributing_users', 'counted.mature_users') }} as contributing_share,
    {{ wilson_low('counted.contributing_users', 'counted.mature_users') }} as contributing_share_low,
    {{ wilson_high('counted.contributing_users', 'counted.mature_users') }} as contributing_share_high,
    {{ days_after('counted.cohort_week', '7 * counted.week_number') }} >= records.first_day as is_observed,
    counted.mature_users = counted.users as is_mature
from counted
cross join {{ ref('int_records') }} as records
