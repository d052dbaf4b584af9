-- Grain: one row per cohort_week of signup, platform (with `all`) and week_number since signup that has begun for the oldest of the cohort. Rebuilt:
-- small, and maturity moves with T. Week n >= 1 is the days 7n .. 7n + 6 after the day of signup, week 0 the days 1 .. 6; a user is mature for week
-- n when 7 (n + 1) + 7 days have passed since signup.
with users as (
    select
        user_id,
        cohort_week,
        platform,
        -- brackets of the user that are mature: signup + 7 (n + 1) + 7 days <= T holds for the first so many n
        cast(floor({{ hours_between('signed_up_at', hours_after(as_of(), -7 * 24)) }} / (7 * 24)) as integer) as mature_weeks
    from {{ ref('int_users_by_platform') }}
),

activity as (
    select
        user_id,
        cast(floor(days_since_signup / 7) as integer) as week_number,
        max(case when is_active then 1 else 0 end) as is_retained,
        max(case when is_contributing then 1 else 0 end) as is_contributing
    from {{ ref('fct_user_day') }}
    where days_since_signup >= 1
    group by user_id, cast(floor(days_since_signup / 7) as integer)
),

retained as (
    select
        users.cohort_week,
        users.platform,
        activity.week_number,
        sum(activity.is_retained) as retained_users,
        sum(activity.is_contributing) as contributing_users
    from activity
    inner join users on activity.user_id = users.user_id and activity.week_number < users.mature_weeks
    group by users.cohort_week, users.platform, activity.week_number
),

cohorts as (
    select
        cohort_week,
        platform,
        mature_weeks,
        count(*) as users
    from users
    group by cohort_week, platform, mature_weeks
),

oldest as (
    select cast(floor({{ days_between('min(cohort_week)', 'cast(' ~ as_of() ~ ' as date)') }} / 7) as integer) as weeks
    from cohorts
),

week_numbers as (
    select {{ every_number(0, 'weeks') }} as week_number
    from oldest
),

counted as (
    select
        cohorts.cohort_week,
        cohorts.platform,
        week_numbers.week_number,
        sum(cohorts.users) as users,
        sum(case when week_numbers.week_number < cohorts.mature_weeks then cohorts.users else 0 end) as mature_users
    from cohorts
    inner join week_numbers
        on {{ hours_after('cast(cohorts.cohort_week as timestamp)', '7 * 24 * week_numbers.week_number') }} < {{ as_of() }}
    group by cohorts.cohort_week, cohorts.platform, week_numbers.week_number
),

joined as (
    select
        counted.cohort_week,
        counted.platform,
        counted.week_number,
        counted.users,
        counted.mature_users,
        coalesce(retained.retained_users, 0) as retained_users,
        coalesce(retained.contributing_users, 0) as contributing_users
    from counted
    left join retained
        on
            counted.cohort_week = retained.cohort_week
            and counted.platform = retained.platform
            and counted.week_number = retained.week_number
)

select
    joined.cohort_week,
    joined.platform,
    joined.week_number,
    cast(joined.users as bigint) as users,
    cast(joined.mature_users as bigint) as mature_users,
    cast(joined.retained_users as bigint) as retained_users,
    {{ rate('joined.retained_users', 'joined.mature_users') }} as retained_share,
    {{ wilson_low('joined.retained_users', 'joined.mature_users') }} as retained_share_low,
    {{ wilson_high('joined.retained_users', 'joined.mature_users') }} as retained_share_high,
    cast(joined.contributing_users as bigint) as contributing_users,
    {{ rate('joined.contributing_users', 'joined.mature_users') }} as contributing_share,
    {{ wilson_low('joined.contributing_users', 'joined.mature_users') }} as contributing_share_low,
    {{ wilson_high('joined.contributing_users', 'joined.mature_users') }} as contributing_share_high,
    {{ days_after('joined.cohort_week', '7 * joined.week_number') }} >= records.first_day as is_observed,
    joined.mature_users = joined.users as is_mature
from joined
cross join {{ ref('int_records') }} as records
