-- Who was there in the period before, and who came, minus who left, are those who are there. The opening is held against the closing of the period
-- before, which was counted apart. Stops the run: growth that does not add up is not shown.
select
    periods.variant,
    periods.window_days,
    periods.period_end,
    periods.opening_users,
    before.closing_users as closing_users_before,
    periods.closing_users
from {{ ref('fct_growth_period') }} as periods
left join {{ ref('fct_growth_period') }} as before
    on
        periods.variant = before.variant
        and periods.window_days = before.window_days
        and {{ days_after('periods.period_start', -1) }} = before.period_end
where
    periods.opening_users <> coalesce(before.closing_users, periods.opening_users)
    or periods.opening_users + periods.new_users + periods.resurrected_users - periods.churned_users <> periods.closing_users
