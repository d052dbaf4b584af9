-- Grain: one row per activity_date on record. Rebuilt: small. The instantaneous reproduction number (Cori, Ferguson, Fraser and Cauchemez 2013): new
-- offspring of 28 days over the offspring that the users of the days before would bring at one each, by the ages at which offspring come. It speaks
-- of the present, where K of a cohort has to wait for its window.
with days as (
    select {{ every_day('records.first_day', days_after('cast(' ~ as_of() ~ ' as date)', -1)) }} as activity_date
    from {{ ref('int_records') }} as records
),

signups as (
    select
        signup_date,
        count(*) as users
    from {{ ref('dim_user') }}
    group by signup_date
),

-- in whole numbers: users times the offspring seen at their age, to be divided by the offspring seen at all ages
due as (
    select
        days.activity_date,
        sum(signups.users * lags.offspring) as due
    from days
    cross join {{ ref('int_generation_interval') }} as lags
    inner join signups on {{ days_after('days.activity_date', '-cast(lags.lag_days as integer)') }} = signups.signup_date
    group by days.activity_date
),

offspring as (
    select
        edges.referrer_user_id,
        cast(edges.eligible_at as date) as eligible_date,
        count(*) as offspring
    from {{ ref('fct_network_edge') }} as edges
    inner join {{ ref('dim_user') }} as users on edges.referrer_user_id = users.user_id
    where edges.eligible_at <= {{ hours_after('users.created_at', 90 * 24) }}
    group by edges.referrer_user_id, cast(edges.eligible_at as date)
),

-- offspring come in families: those of one referrer in the 28 days are one witness
families as (
    select
        days.activity_date,
        offspring.referrer_user_id,
        sum(offspring.offspring) as offspring
    from days
    inner join offspring
        on
            days.activity_date >= offspring.eligible_date
            and days.activity_date < {{ days_after('offspring.eligible_date', 28) }}
    group by days.activity_date, offspring.referrer_user_id
),

in_28_days as (
    select
        activity_date,
        sum(offspring) as offspring,
        sum(offspring * offspring) as offspring_squared
    from families
    group by activity_date
),

summed as (
    select
        days.activity_date,
        coalesce(in_28_days.offspring, 0) as offspring_28d,
        coalesce(in_28_days.offspring_squared, 0) as offspring_squared_28d,
        sum(coalesce(due.due, 0)) over (order by days.activity_date rows between 27 preceding and current row)
        / cast((select sum(offspring) from {{ ref('int_generation_interval') }}) as double) as due_28d,
        row_number() over (order by days.activity_date) >= 28 as has_28_days
    from days
    left join due on days.activity_date = due.activity_date
    left join in_28_days on days.activity_date = in_28_days.activity_date
),

rates as (
    select
        *,
        case when has_28_days then offspring_28d / nullif(due_28d, 0) end as r,
        exp(1.959963984540054 * sqrt(offspring_squared_28d) / nullif(offspring_28d, 0)) as r_factor
    from summed
)

select
    activity_date,
    cast(offspring_28d as bigint) as offspring_28d,
    round(due_28d, 9) as due_28d,
    round(r, 9) as r_28d,
    round(case when r = 0 then 0 else r / r_factor end, 9) as r_28d_low,
    round(case when r = 0 then 3.688879454113936 / due_28d else r * r_factor end, 9) as r_28d_high,
    {{ days_after('activity_date', 1 + 7) }} <= cast({{ as_of() }} as date) as is_mature
from rates
