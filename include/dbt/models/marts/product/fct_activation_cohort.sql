-- Grain: one row per cohort_week of signup and platform, with `all`. Rebuilt: small, and maturity moves with T. Activation: the first qualifying
-- action within 7 days of signup, or before it, over users mature for 7 days.
with counted as (
    select
        cohort_week,
        platform,
        count(*) as users,
        sum(case when is_mature then 1 else 0 end) as mature_users,
        sum(case when is_mature and is_activated then 1 else 0 end) as activated_users
    from {{ ref('int_users_by_platform') }}
    group by cohort_week, platform
)

select
    counted.cohort_week,
    counted.platform,
    cast(counted.users as bigint) as users,
    cast(counted.mature_users as bigint) as mature_users,
    cast(counted.activated_users as bigint) as activated_users,
    {{ rate('counted.activated_users', 'counted.mature_users') }} as activated_share,
    {{ wilson_low('counted.activated_users', 'counted.mature_users') }} as activated_share_low,
    {{ wilson_high('counted.activated_users', 'counted.mature_users') }} as activated_share_high,
    counted.cohort_week >= records.first_day as is_observed,
    counted.mature_users = counted.users as is_mature
from counted
cross join {{ ref('int_records') }} as records
