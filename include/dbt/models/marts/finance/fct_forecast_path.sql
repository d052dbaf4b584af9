-- Grain: one row per path and horizon_days: a simulated future of the pipeline model by its components, what scenarios are computed from. Rebuilt.
select
    cast(path as integer) as path,
    cast(horizon_days as integer) as horizon_days,
    cast(new_referrals as decimal(18, 4)) as new_referrals,
    cast(due_referrer_usd as decimal(18, 4)) as due_referrer_usd,
    cast(due_referred_usd as decimal(18, 4)) as due_referred_usd,
    cast(pipeline_referrer_usd as decimal(18, 4)) as pipeline_referrer_usd,
    cast(pipeline_referred_usd as decimal(18, 4)) as pipeline_referred_usd,
    cast(new_referrer_usd as decimal(18, 4)) as new_referrer_usd,
    cast(new_referred_usd as decimal(18, 4)) as new_referred_usd,
    cast(redeemed_outstanding_usd as decimal(18, 4)) as redeemed_outstanding_usd,
    cast(redeemed_future_usd as decimal(18, 4)) as redeemed_future_usd,
    cast(withheld_outstanding_usd as decimal(18, 4)) as withheld_outstanding_usd,
    cast(withheld_future_usd as decimal(18, 4)) as withheld_future_usd,
    cast(unpaid_gained_usd as decimal(18, 4)) as unpaid_gained_usd,
    cast(unpaid_settled_usd as decimal(18, 4)) as unpaid_settled_usd,
    cast(liability_start_usd as decimal(18, 4)) as liability_start_usd,
    cast(price_referrer_usd as decimal(18, 4)) as price_referrer_usd,
    cast(price_referred_usd as decimal(18, 4)) as price_referred_usd
from {{ ref('int_forecast_path') }}
