{% set components = [
    'due_referrer_usd', 'due_referred_usd', 'pipeline_referrer_usd', 'pipeline_referred_usd', 'new_referrer_usd', 'new_referred_usd',
    'redeemed_outstanding_usd', 'redeemed_future_usd', 'withheld_outstanding_usd', 'withheld_future_usd', 'unpaid_gained_usd',
    'unpaid_settled_usd', 'liability_start_usd', 'price_referrer_usd', 'price_referred_usd',
] %}
-- Grain: one row per path and horizon_days: a simulated future of the pipeline model by its components, what scenarios are computed from.
select
    cast(path as integer) as path,
    cast(horizon_days as integer) as horizon_days,
    cast(new_referrals as decimal(18, 4)) as new_referrals,
    {% for component in components %}
    cast({{ component }} as decimal(18, 4)) as {{ component }}{{ "," if not loop.last }}
    {% endfor %}
from {{ ref('int_forecast_path') }}
