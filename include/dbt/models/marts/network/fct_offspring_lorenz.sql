-- Grain: one row per window_days and user_percent, 0 to 100. Rebuilt: small.
select
    cast(window_days as integer) as window_days,
    cast(user_percent as integer) as user_percent,
    cast(offspring_share as double) as offspring_share,
    cast(offspring_share_by_luck as double) as offspring_share_by_luck
from {{ ref('int_offspring_lorenz') }}
