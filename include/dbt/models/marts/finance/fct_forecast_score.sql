-- Grain: one row per model, measure and horizon_days; measure `all` and horizon 0 pool everything, and their first in rank is published. Rebuilt.
with scores as (select * from {{ ref('int_forecast_score') }}),

published as (
    select model
    from scores
    where measure = 'all' and horizon_days = 0 and rank = 1
)

select
    scores.model,
    scores.measure,
    cast(scores.horizon_days as integer) as horizon_days,
    cast(scores.rank as integer) as rank,
    published.model is not null as is_published,
    scores.origins,
    scores.forecasts,
    round(scores.wape, 6) as wape,
    round(scores.bias, 6) as bias,
    round(scores.interval_score, 6) as interval_score,
    scores.covered_80,
    {{ rate('scores.covered_80', 'scores.forecasts') }} as coverage_80,
    {{ wilson_low('scores.covered_80', 'scores.forecasts') }} as coverage_80_low,
    {{ wilson_high('scores.covered_80', 'scores.forecasts') }} as coverage_80_high,
    scores.covered_95,
    {{ rate('scores.covered_95', 'scores.forecasts') }} as coverage_95,
    {{ wilson_low('scores.covered_95', 'scores.forecasts') }} as coverage_95_low,
    {{ wilson_high('scores.covered_95', 'scores.forecasts') }} as coverage_95_high
from scores
left join published on scores.model = published.model
