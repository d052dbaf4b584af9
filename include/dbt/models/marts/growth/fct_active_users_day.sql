-- Grain: one row per as_of_date (00:00 of that day, up to T) and user_type, with `all` for everybody. Rebuilt: a late event moves later windows.
-- People are counted once per window: a day of activity keeps its user counted until the window has passed or the next such day takes over, so each
-- user's stretches never overlap and a count is what has begun and not ended.
with user_days as (
    select
        days.user_id,
        coalesce(users.user_type, 'unknown') as user_type,
        days.activity_date,
        days.is_active,
        days.is_contributing
    from {{ ref('fct_user_day') }} as days
    left join {{ ref('dim_user') }} as users on days.user_id = users.user_id
),

-- what follows depends on a day, the type of its user and how long the user then stayed away, so days are counted by these before they multiply
activity as (
    select
        'active' as variant,
        user_type,
        activity_date,
        least({{ days_between('activity_date', 'next_date') }}, 28) as days_to_next,
        count(*) as people
    from (
        select
            *,
            lead(activity_date) over (partition by user_id order by activity_date) as next_date
        from user_days
        where is_active
    ) as active_days
    group by user_type, activity_date, least({{ days_between('activity_date', 'next_date') }}, 28)
    union all
    select
        'contributing' as variant,
        user_type,
        activity_date,
        least({{ days_between('activity_date', 'next_date') }}, 28) as days_to_next,
        count(*) as people
    from (
        select
            *,
            lead(activity_date) over (partition by user_id order by activity_date) as next_date
        from user_days
        where is_contributing
    ) as contributing_days
    group by user_type, activity_date, least({{ days_between('activity_date', 'next_date') }}, 28)
),

windows as (
    {{ listed_rows(
        ['variant', 'window_days'],
        [("'active'", 1), ("'active'", 7), ("'active'", 28), ("'contributing'", 7), ("'contributing'", 28)]
    ) }}
),

stretches as (
    select
        activity.variant,
        windows.window_days,
        activity.user_type,
        activity.people,
        {{ days_after('activity.activity_date', 1) }} as first_as_of,
        {{ days_after('activity.activity_date', '1 + least(windows.window_days, activity.days_to_next)') }} as gone_as_of
    from activity
    inner join windows on activity.variant = windows.variant
),

moves as (
    select
        variant,
        window_days,
        user_type,
        first_as_of as as_of_date,
        sum(people) as change
    from stretches
    group by variant, window_days, user_type, first_as_of
    union all
    select
        variant,
        window_days,
        user_type,
        gone_as_of as as_of_date,
        -sum(people) as change
    from stretches
    group by variant, window_days, user_type, gone_as_of
),

-- a user has one type, so what begins and ends adds up over types; only the windows of one user do not
moves_of_all as (
    select
        variant,
        window_days,
        user_type,
        as_of_date,
        change
    from moves
    union all
    select
        variant,
        window_days,
        'all' as user_type,
        as_of_date,
        change
    from moves
),

moves_by_day as (
    select
        user_type,
        as_of_date,
        sum(case when variant = 'active' and window_days = 1 then change else 0 end) as active_1d,
        sum(case when variant = 'active' and window_days = 7 then change else 0 end) as active_7d,
        sum(case when variant = 'active' and window_days = 28 then change else 0 end) as active_28d,
        sum(case when variant = 'contributing' and window_days = 7 then change else 0 end) as supporters_7d,
        sum(case when variant = 'contributing' and window_days = 28 then change else 0 end) as supporters_28d
    from moves_of_all
    group by user_type, as_of_date
),

first_day as (select min(activity_date) as activity_date from user_days),

days as (
    select {{ every_day(days_after('activity_date', 1), as_of()) }} as as_of_date
    from first_day
),

user_types as (select distinct user_type from moves_of_all),

counted as (
    select
        days.as_of_date,
        user_types.user_type,
        {{ running_total('moves_by_day.active_1d', 'user_types.user_type', 'days.as_of_date') }} as daily_active_users,
        {{ running_total('moves_by_day.active_7d', 'user_types.user_type', 'days.as_of_date') }} as weekly_active_users,
        {{ running_total('moves_by_day.active_28d', 'user_types.user_type', 'days.as_of_date') }} as monthly_active_users,
        {{ running_total('moves_by_day.supporters_7d', 'user_types.user_type', 'days.as_of_date') }} as active_supporters_7d,
        {{ running_total('moves_by_day.supporters_28d', 'user_types.user_type', 'days.as_of_date') }} as active_supporters_28d
    from days
    cross join user_types
    left join moves_by_day on days.as_of_date = moves_by_day.as_of_date and user_types.user_type = moves_by_day.user_type
)

select
    counted.as_of_date,
    counted.user_type,
    counted.daily_active_users,
    counted.weekly_active_users,
    counted.monthly_active_users,
    counted.active_supporters_7d,
    counted.active_supporters_28d,
    {{ days_between('first_day.activity_date', 'counted.as_of_date') }} as history_days,
    {{ is_mature('cast(counted.as_of_date as timestamp)', 0) }} as is_mature
from counted
cross join first_day
