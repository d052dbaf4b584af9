-- Whole periods end where windows of the same length do, so two ways of counting people must agree. Stops the run.
select
    growth.variant,
    growth.window_days,
    growth.period_end,
    growth.closing_users
from {{ ref('fct_growth_period') }} as growth
inner join {{ ref('fct_active_users_day') }} as active
    on {{ days_after('growth.period_end', 1) }} = active.as_of_date and active.user_type = 'all'
where
    growth.closing_users
    <> case
        when growth.variant = 'active' and growth.window_days = 7 then active.weekly_active_users
        when growth.variant = 'active' then active.monthly_active_users
        when growth.window_days = 7 then active.active_supporters_7d
        else active.active_supporters_28d
    end
