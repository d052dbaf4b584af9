-- Grain: one row per step of onboarding and scanning that units came to. Rebuilt: small, and the 90 days move with T.
select
    cast(step_number as integer) as step_number,
    cast(step as varchar) as step,
    cast(base_days as integer) as base_days,
    cast(units as bigint) as units,
    cast(passed_units as bigint) as passed_units,
    {{ rate('passed_units', 'units') }} as passed_share,
    {{ wilson_low('passed_units', 'units') }} as passed_share_low,
    {{ wilson_high('passed_units', 'units') }} as passed_share_high,
    cast(users_passed as bigint) as users_passed,
    cast(users_not_passed as bigint) as users_not_passed,
    cast(extra_units as double) as extra_units,
    cast(extra_scans as double) as extra_scans,
    cast(extra_scans_low as double) as extra_scans_low,
    cast(extra_scans_high as double) as extra_scans_high,
    cast(extra_raised_usd as double) as extra_raised_usd,
    cast(extra_raised_usd_low as double) as extra_raised_usd_low,
    cast(extra_raised_usd_high as double) as extra_raised_usd_high
from {{ ref('int_step_opportunities') }}
