-- Grain: one row per as_of_date, forecast_date and measure: the newest forecast of the next 90 days. Rebuilt: it is made anew at every T.
select
    cast(as_of_date as date) as as_of_date,
    cast(forecast_date as date) as forecast_date,
    measure,
    cast(horizon_day as integer) as horizon_day,
    cast(expected as decimal(18, 2)) as expected,
    cast(lower_80 as decimal(18, 2)) as lower_80,
    cast(upper_80 as decimal(18, 2)) as upper_80,
    cast(lower_95 as decimal(18, 2)) as lower_95,
    cast(upper_95 as decimal(18, 2)) as upper_95,
    model
from {{ ref('int_reward_forecast') }}
where not is_total
