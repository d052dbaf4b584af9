{% set last_day = 60 %}
-- Grain: one row per action (`scan`, `school_link`, `either`), user_type (with `all`) and day since signup, 0 .. 60: the share of users who have
-- taken the action by the end of that day. Rebuilt: every day adds to what is known of every user.
-- Product-limit estimate (Kaplan and Meier 1958) on whole days: a user is at risk on a day when it has passed wholly, with seven more days for late
-- data, and the action has not come before. Interval: Greenwood's variance on the log-log scale. Accounts older than the records are left out.
with users as (
    select
        users.user_id,
        users.user_type,
        users.created_at,
        users.first_scan_at,
        users.school_linked_at,
        users.first_qualifying_at,
        cast(floor({{ hours_between('users.created_at', hours_after(as_of(), -7 * 24)) }} / 24) as integer) as whole_days
    from {{ ref('dim_user') }} as users
    cross join {{ ref('int_records') }} as records
    where users.signup_date >= records.first_day
),

actions as (
    select
        'scan' as action,
        user_type,
        whole_days,
        cast(floor({{ hours_between('created_at', 'greatest(first_scan_at, created_at)') }} / 24) as integer) as action_day,
        first_scan_at is not null as has_acted
    from users
    union all
    select
        'school_link' as action,
        user_type,
        whole_days,
        cast(floor({{ hours_between('created_at', 'greatest(school_linked_at, created_at)') }} / 24) as integer) as action_day,
        school_linked_at is not null as has_acted
    from users
    union all
    select
        'either' as action,
        user_type,
        whole_days,
        cast(floor({{ hours_between('created_at', 'greatest(first_qualifying_at, created_at)') }} / 24) as integer) as action_day,
        first_qualifying_at is not null as has_acted
    from users
),

exits_by_type as (
    select
        action,
        user_type,
        has_acted and action_day < whole_days as is_action,
        case when has_acted and action_day < whole_days then action_day else whole_days - 1 end as last_day_at_risk
    from actions
    where whole_days >= 1
),

exits as (
    select * from exits_by_type
    union all
    select
        action,
        'all' as user_type,
        is_action,
        last_day_at_risk
    from exits_by_type
),

exits_by_day as (
    select
        action,
        user_type,
        least(last_day_at_risk, {{ last_day + 1 }}) as day,
        count(*) as users,
        sum(case when is_action and last_day_at_risk <= {{ last_day }} then 1 else 0 end) as actions
    from exits
    group by action, user_type, least(last_day_at_risk, {{ last_day + 1 }})
),

curves as (
    select distinct
        action,
        user_type
    from exits_by_day
),

days as (select {{ every_number(0, last_day + 1) }} as day),

at_risk as (
    select
        curves.action,
        curves.user_type,
        days.day,
        coalesce(exits_by_day.actions, 0) as actions,
        sum(coalesce(exits_by_day.users, 0)) over (
            partition by curves.action, curves.user_type order by days.day desc rows between unbounded preceding and current row
        ) as at_risk
    from curves
    cross join days
    left join exits_by_day
        on curves.action = exits_by_day.action and curves.user_type = exits_by_day.user_type and days.day = exits_by_day.day
),

summed as (
    select
        *,
        max(case when at_risk = actions then 1 else 0 end) over so_far as is_over,
        sum(case when at_risk > actions then ln(1 - cast(actions as double) / at_risk) end) over so_far as log_survival,
        sum(case when at_risk > actions then actions / (cast(at_risk as double) * (at_risk - actions)) end) over so_far as greenwood,
        sum(actions) over so_far as actions_so_far
    from at_risk
    where day <= {{ last_day }} and at_risk > 0
    window so_far as (partition by action, user_type order by day rows between unbounded preceding and current row)
),

estimated as (
    select
        *,
        case when is_over = 1 then 0 else exp(log_survival) end as survival,
        case when is_over = 0 and actions_so_far > 0 then 1.959963984540054 * sqrt(greenwood) / -log_survival end as spread
    from summed
)

select
    action,
    user_type,
    day,
    cast(at_risk as bigint) as users_at_risk,
    cast(actions as bigint) as users_acting,
    round(1 - survival, 9) as incidence,
    round(1 - power(survival, exp(-spread)), 9) as incidence_low,
    round(1 - power(survival, exp(spread)), 9) as incidence_high
from estimated
