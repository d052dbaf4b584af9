-- Grain: one row per window_days, user type of the referrer and user type of the referred user, pairs without a referral included.
with mature as (
    select
        user_id,
        window_days,
        user_type
    from {{ ref('int_offspring') }}
    where is_mature
),

types as (
    select
        window_days,
        user_type,
        count(*) as mature_users
    from mature
    group by window_days, user_type
),

all_types as (select distinct user_type from {{ ref('dim_user') }}),

brought as (
    select
        mature.window_days,
        mature.user_type as from_type,
        referred.user_type as to_type,
        referrers.user_id,
        count(*) as offspring
    from {{ ref('fct_network_edge') }} as edges
    inner join {{ ref('dim_user') }} as referrers on edges.referrer_user_id = referrers.user_id
    inner join {{ ref('dim_user') }} as referred on edges.referred_user_id = referred.user_id
    inner join mature
        on
            referrers.user_id = mature.user_id
            and edges.eligible_at <= {{ hours_after('referrers.created_at', 'mature.window_days * 24') }}
    group by mature.window_days, mature.user_type, referred.user_type, referrers.user_id
),

pairs as (
    select
        window_days,
        from_type,
        to_type,
        sum(offspring) as offspring,
        sum(offspring * offspring) as offspring_squared
    from brought
    group by window_days, from_type, to_type
)

select
    types.window_days,
    types.user_type as from_type,
    all_types.user_type as to_type,
    types.mature_users,
    coalesce(pairs.offspring, 0) as offspring,
    coalesce(pairs.offspring_squared, 0) as offspring_squared
from types
cross join all_types
left join pairs
    on
        types.window_days = pairs.window_days
        and types.user_type = pairs.from_type
        and all_types.user_type = pairs.to_type
