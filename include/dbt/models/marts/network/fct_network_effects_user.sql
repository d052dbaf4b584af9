-- Grain: one row per user_id in users: the user's place in the referral forest and what grew below it. Rebuilt: one new edge changes all above it.
with users as (
    select
        user_id,
        created_at
    from {{ ref('dim_user') }}
),

roots as (
    select
        user_id,
        ancestor_user_id as root_user_id,
        generations as depth
    from (
        select
            *,
            row_number() over (partition by user_id order by generations desc) as distance_rank
        from {{ ref('int_network_ancestors') }}
    ) as ranked
    where distance_rank = 1
),

raised as (
    select
        user_id,
        sum(amount_raised_usd) as amount_raised_usd
    from {{ ref('fct_purchase') }}
    group by user_id
),

below as (
    select
        ancestors.ancestor_user_id as user_id,
        count(*) as descendants,
        max(ancestors.generations) as max_depth_below,
        sum(coalesce(raised.amount_raised_usd, 0)) as amount_raised_usd
    from {{ ref('int_network_ancestors') }} as ancestors
    left join raised on ancestors.user_id = raised.user_id
    group by ancestors.ancestor_user_id
),

offspring as (
    select
        users.user_id,
        count(*) as direct_referrals,
        sum(case when edges.eligible_at <= {{ hours_after('users.created_at', 60 * 24) }} then 1 else 0 end) as within_60_days
    from users
    inner join {{ ref('fct_network_edge') }} as edges on users.user_id = edges.referrer_user_id
    group by users.user_id
),

invites as (
    select
        user_id,
        count(*) as invites_sent
    from {{ ref('stg_events') }}
    where event_type = 'invite_sent'
    group by user_id
)

select
    users.user_id,
    coalesce(roots.root_user_id, users.user_id) as root_user_id,
    cast(coalesce(roots.depth, 0) as integer) as depth,
    cast(coalesce(offspring.direct_referrals, 0) as integer) as direct_referrals,
    cast(coalesce(below.descendants, 0) as integer) as descendants,
    cast(coalesce(below.max_depth_below, 0) as integer) as max_depth_below,
    cast(coalesce(raised.amount_raised_usd, 0) + coalesce(below.amount_raised_usd, 0) as decimal(18, 6)) as subtree_amount_raised_usd,
    cast(coalesce(invites.invites_sent, 0) as integer) as invites_sent,
    case
        when {{ hours_after('users.created_at', (60 + 7) * 24) }} <= {{ as_of() }} then cast(coalesce(offspring.within_60_days, 0) as integer)
    end as k_60
from users
left join roots on users.user_id = roots.user_id
left join below on users.user_id = below.user_id
left join offspring on users.user_id = offspring.user_id
left join raised on users.user_id = raised.user_id
left join invites on users.user_id = invites.user_id
