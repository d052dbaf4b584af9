-- Grain: one row per lag_days, 0 to 90: how many offspring became eligible so many days after their referrer's signup, of referrers whose 90 days are
-- over and on record. Only those: of a young referrer's offspring the late ones are still to come.
with ages as (
    select
        -- eligible before the referrer's own signup counts in K, on its first day
        greatest({{ days_between('users.signup_date', 'cast(edges.eligible_at as date)') }}, 0) as lag_days
    from {{ ref('fct_network_edge') }} as edges
    inner join {{ ref('dim_user') }} as users on edges.referrer_user_id = users.user_id
    inner join {{ ref('int_offspring') }} as referrers on users.user_id = referrers.user_id
    where
        referrers.window_days = 90
        and referrers.is_mature
        and referrers.is_observed
        and edges.eligible_at <= {{ hours_after('users.created_at', 90 * 24) }}
)

select
    lag_days,
    count(*) as offspring
from ages
group by lag_days
