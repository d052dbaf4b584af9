-- Grain: one row per origin_date, model, measure and horizon_days: a forecast made from what had landed by then, and what came. Rebuilt.
select
    cast(origin_date as date) as origin_date,
    model,
    measure,
    cast(horizon_days as integer) as horizon_days,
    cast(expected as decimal(18, 2)) as expected,
    cast(lower_80 as decimal(18, 2)) as lower_80,
    cast(upper_80 as decimal(18, 2)) as upper_80,
    cast(lower_95 as decimal(18, 2)) as lower_95,
    cast(upper_95 as decimal(18, 2)) as upper_95,
    cast(actual as decimal(18, 2)) as actual,
    actual between lower_80 and upper_80 as is_covered_80,
    actual between lower_95 and upper_95 as is_covered_95
from {{ ref('int_forecast_backtest') }}
