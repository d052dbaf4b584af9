-- Grain: one row per window_days and measure. Rebuilt: small, and maturity moves with T. Luck means that every user brings the same number on
-- average.
select
    cast(window_days as integer) as window_days,
    cast(measure as varchar) as measure,
    cast(value as double) as value,
    cast(value_low as double) as value_low,
    cast(value_high as double) as value_high,
    cast(by_luck as double) as by_luck,
    cast(by_luck_low as double) as by_luck_low,
    cast(by_luck_high as double) as by_luck_high,
    round(cast(value as double) - cast(by_luck as double), 6) as excess
from {{ ref('int_offspring_spread') }}
