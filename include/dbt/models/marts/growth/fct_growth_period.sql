-- Grain: one row per variant (`active`, `contributing`), window_days (7, 28) and period_end, the Sunday that ends a whole week. Rebuilt: small, and a
-- late event moves the periods around it. Each user is in exactly one of new, retained and resurrected when counted in a period, and churned when
-- counted only in the period just before.
with user_weeks as (
    select distinct
        'active' as variant,
        user_id,
        {{ monday_of('activity_date') }} as week_start
    from {{ ref('fct_user_day') }}
    where is_active
    union all
    select distinct
        'contributing' as variant,
        user_id,
        {{ monday_of('activity_date') }} as week_start
    from {{ ref('fct_user_day') }}
    where is_contributing
),

firsts as (
    select
        variant,
        user_id,
        week_start,
        min(week_start) over (partition by variant, user_id) as first_week_start
    from user_weeks
),

-- the windows that hold a week: its own, and of 28 days also those that end one, two and three weeks later
offsets as (
    {{ listed_rows(['window_days', 'days_to_end'], [(7, 6), (28, 6), (28, 13), (28, 20), (28, 27)]) }}
),

members as (
    select distinct
        firsts.variant,
        offsets.window_days,
        firsts.user_id,
        firsts.first_week_start,
        {{ days_after('firsts.week_start', 'offsets.days_to_end') }} as period_end
    from firsts
    cross join offsets
),

-- a member of one period is also looked at in the next one of its length, where it may be missing
stands as (
    select
        variant,
        window_days,
        period_end,
        user_id,
        first_week_start,
        max(is_in) as is_in,
        max(was_in) as was_in
    from (
        select
            variant,
            window_days,
            period_end,
            user_id,
            first_week_start,
            1 as is_in,
            0 as was_in
        from members
        union all
        select
            variant,
            window_days,
            {{ days_after('period_end', 'window_days') }} as period_end,
            user_id,
            first_week_start,
            0 as is_in,
            1 as was_in
        from members
    ) as looked_at
    group by variant, window_days, period_end, user_id, first_week_start
),

records as (select min(activity_date) as first_day from {{ ref('fct_user_day') }}),

judged as (
    select
        stands.variant,
        stands.window_days,
        stands.period_end,
        case
            when stands.is_in = 0 then 'churned'
            when stands.was_in = 1 then 'retained'
            when
                stands.first_week_start > {{ days_after('stands.period_end', '-stands.window_days') }}
                and (users.signup_date is null or users.signup_date >= records.first_day) then 'new'
            else 'resurrected'
        end as standing
    from stands
    cross join records
    left join {{ ref('dim_user') }} as users on stands.user_id = users.user_id
),

counted as (
    select
        variant,
        window_days,
        period_end,
        sum(case when standing = 'new' then 1 else 0 end) as new_users,
        sum(case when standing = 'retained' then 1 else 0 end) as retained_users,
        sum(case when standing = 'resurrected' then 1 else 0 end) as resurrected_users,
        sum(case when standing = 'churned' then 1 else 0 end) as churned_users
    from judged
    group by variant, window_days, period_end
),

week_days as (
    select {{ every_day('first_day', hours_after(as_of(), -24)) }} as period_end
    from records
),

kinds as (
    {{ listed_rows(
        ['variant', 'window_days'],
        [("'active'", 7), ("'active'", 28), ("'contributing'", 7), ("'contributing'", 28)]
    ) }}
),

periods as (
    select
        kinds.variant,
        kinds.window_days,
        week_days.period_end
    from week_days
    cross join kinds
    where week_days.period_end = {{ days_after(monday_of('week_days.period_end'), 6) }}
),

accounts as (
    select
        periods.variant,
        periods.window_days,
        {{ days_after('periods.period_end', '1 - periods.window_days') }} as period_start,
        periods.period_end,
        cast(coalesce(counted.retained_users + counted.churned_users, 0) as bigint) as opening_users,
        cast(coalesce(counted.new_users, 0) as bigint) as new_users,
        cast(coalesce(counted.resurrected_users, 0) as bigint) as resurrected_users,
        cast(coalesce(counted.churned_users, 0) as bigint) as churned_users,
        cast(coalesce(counted.retained_users, 0) as bigint) as retained_users,
        cast(coalesce(counted.new_users + counted.retained_users + counted.resurrected_users, 0) as bigint) as closing_users
    from periods
    left join counted
        on
            periods.variant = counted.variant
            and periods.window_days = counted.window_days
            and periods.period_end = counted.period_end
)

select
    accounts.variant,
    accounts.window_days,
    accounts.period_start,
    accounts.period_end,
    accounts.opening_users,
    accounts.new_users,
    accounts.resurrected_users,
    accounts.churned_users,
    accounts.retained_users,
    accounts.closing_users,
    {{ rate('(accounts.new_users + accounts.resurrected_users)', 'accounts.churned_users') }} as quick_ratio,
    {{ rate('accounts.retained_users', 'accounts.opening_users') }} as retained_share,
    {{ wilson_low('accounts.retained_users', 'accounts.opening_users') }} as retained_share_low,
    {{ wilson_high('accounts.retained_users', 'accounts.opening_users') }} as retained_share_high,
    {{ days_after('accounts.period_start', '-accounts.window_days') }} >= records.first_day as is_observed,
    {{ is_mature('cast(accounts.period_end as timestamp)', 1) }} as is_mature
from accounts
cross join records
