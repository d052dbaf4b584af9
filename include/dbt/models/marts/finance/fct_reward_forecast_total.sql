-- Grain: one row per as_of_date, measure and horizon_days: the newest forecast's totals. Their intervals come from the simulated totals: daily bounds
-- do not add up. Rebuilt with the forecast.
select
    cast(as_of_date as date) as as_of_date,
    measure,
    cast(horizon_day as integer) as horizon_days,
    cast(forecast_date as date) as last_date,
    cast(expected as decimal(18, 2)) as expected,
    cast(lower_80 as decimal(18, 2)) as lower_80,
    cast(upper_80 as decimal(18, 2)) as upper_80,
    cast(lower_95 as decimal(18, 2)) as lower_95,
    cast(upper_95 as decimal(18, 2)) as upper_95,
    model
from {{ ref('int_reward_forecast') }}
where is_total
