-- Grain: one row per variant (`active`, `contributing`), window_days (7, 28) and period_end, the Sunday that ends a whole week. Rebuilt: small, and a
-- late event moves the periods around it. Each user is in exactly one of new, retained and resurrected when counted in a period, and churned when
-- counted only in the period just before.
with user_weeks as (
    select
        user_id,
        {{ monday_of('activity_date') }} as week_start,
        max(case when is_active then 1 else 0 end) as active,
        max(case when is_contributing then 1 else 0 end) as contributing
    from {{ ref('fct_user_day') }}
    where is_active or is_contributing
    group by user_id, {{ monday_of('activity_date') }}
),

firsts as (
    select
        user_id,
        min(case when active = 1 then week_start end) as first_active_week,
        min(case when contributing = 1 then week_start end) as first_contributing_week
    from user_weeks
    group by user_id
),

-- the periods that hold a week: its own, and of 28 days also those that end one, two and three weeks later (is_in); and those just after these, in
-- which a user may be missing (is_in = 0)
offsets as (
    {{ listed_rows(['window_days', 'days_to_end', 'is_in'], [
        (7, 6, 1), (7, 13, 0),
        (28, 6, 1), (28, 13, 1), (28, 20, 1), (28, 27, 1),
        (28, 34, 0), (28, 41, 0), (28, 48, 0), (28, 55, 0)
    ]) }}
),

stands as (
    select
        offsets.window_days,
        {{ days_after('user_weeks.week_start', 'offsets.days_to_end') }} as period_end,
        user_weeks.user_id,
        max(offsets.is_in * user_weeks.active) as active_in,
        max((1 - offsets.is_in) * user_weeks.active) as active_before,
        max(offsets.is_in * user_weeks.contributing) as contributing_in,
        max((1 - offsets.is_in) * user_weeks.contributing) as contributing_before
    from user_weeks
    cross join offsets
    group by offsets.window_days, {{ days_after('user_weeks.week_start', 'offsets.days_to_end') }}, user_weeks.user_id
),

records as (select min(activity_date) as first_day from {{ ref('fct_user_day') }}),

judged as (
    select
        stands.window_days,
        stands.period_end,
        {% for variant in ['active', 'contributing'] %}
            case
                when stands.{{ variant }}_in = 0 and stands.{{ variant }}_before = 1 then 'churned'
                when stands.{{ variant }}_in = 0 then null
                when stands.{{ variant }}_before = 1 then 'retained'
                when
                    firsts.first_{{ variant }}_week > {{ days_after('stands.period_end', '-stands.window_days') }}
                    and (users.signup_date is null or users.signup_date >= records.first_day) then 'new'
                else 'resurrected'
            end as {{ variant }}_standing{% if not loop.last %},{% endif %}

        {% endfor %}
    from stands
    cross join records
    inner join firsts on stands.user_id = firsts.user_id
    left join {{ ref('dim_user') }} as users on stands.user_id = users.user_id
),

standings as (
    select
        window_days,
        period_end,
        active_standing,
        contributing_standing,
        count(*) as people
    from judged
    group by window_days, period_end, active_standing, contributing_standing
),

counted as (
    {% for variant in ['active', 'contributing'] %}
        select
            '{{ variant }}' as variant,
            window_days,
            period_end,
            sum(case when {{ variant }}_standing = 'new' then people else 0 end) as new_users,
            sum(case when {{ variant }}_standing = 'retained' then people else 0 end) as retained_users,
            sum(case when {{ variant }}_standing = 'resurrected' then people else 0 end) as resurrected_users,
            sum(case when {{ variant }}_standing = 'churned' then people else 0 end) as churned_users
        from standings
        group by window_days, period_end
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
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
