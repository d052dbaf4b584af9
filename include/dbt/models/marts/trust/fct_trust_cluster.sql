-- Grain: one row per cluster_id: accounts that hang together by shared devices, payment methods or mailboxes. Most are households and carry no
-- signal.
with members as (
    select
        cluster_id,
        count(*) as users
    from {{ ref('int_trust_clusters') }}
    group by cluster_id
),

pairs as (
    select
        cluster_id,
        bool_or(identifier_kind = 'device') as shares_device,
        bool_or(identifier_kind = 'payment') as shares_payment,
        bool_or(identifier_kind = 'email') as shares_email,
        min(linked_at) as first_linked_at,
        max(linked_at) as last_linked_at
    from {{ ref('fct_trust_edge') }}
    group by cluster_id, low_user_id, high_user_id
),

links as (
    select
        cluster_id,
        count(*) as linked_pairs,
        bool_or(shares_device) as has_shared_device,
        bool_or(shares_payment) as has_shared_payment,
        bool_or(shares_email) as has_shared_email,
        min(first_linked_at) as first_linked_at,
        max(last_linked_at) as last_linked_at
    from pairs
    group by cluster_id
),

inside as (
    select
        theirs.cluster_id,
        count(*) as applied_referrals_inside
    from {{ ref('int_trust_applied') }} as applied
    inner join {{ ref('int_trust_clusters') }} as mine on applied.referrer_user_id = mine.user_id
    inner join {{ ref('int_trust_clusters') }} as theirs on applied.referred_user_id = theirs.user_id and mine.cluster_id = theirs.cluster_id
    group by theirs.cluster_id
),

brought as (
    select
        clusters.cluster_id,
        count(*) as applied_referrals,
        sum(coalesce(money.at_risk_usd, 0)) as referral_usd
    from {{ ref('int_trust_applied') }} as applied
    inner join {{ ref('int_trust_clusters') }} as clusters on applied.referred_user_id = clusters.user_id
    left join {{ ref('int_trust_money') }} as money on applied.referral_id = money.referral_id
    group by clusters.cluster_id
),

signals as (
    select
        cluster_id,
        count(*) as signals
    from {{ ref('fct_trust_safety_signals') }}
    where cluster_id is not null and kind = 'abuse'
    group by cluster_id
)

select
    members.cluster_id,
    cast(members.users as integer) as users,
    cast(links.linked_pairs as integer) as linked_pairs,
    round(links.linked_pairs / (members.users * (members.users - 1) / 2.0), 9) as density,
    links.has_shared_device,
    links.has_shared_payment,
    links.has_shared_email,
    links.first_linked_at,
    links.last_linked_at,
    cast(coalesce(inside.applied_referrals_inside, 0) as integer) as applied_referrals_inside,
    cast(coalesce(brought.applied_referrals, 0) as integer) as applied_referrals,
    cast(coalesce(brought.referral_usd, 0) as decimal(18, 2)) as referral_usd,
    cast(coalesce(signals.signals, 0) as integer) as signals,
    coalesce(signals.signals, 0) > 0 as is_suspicious
from members
inner join links on members.cluster_id = links.cluster_id
left join inside on members.cluster_id = inside.cluster_id
left join brought on members.cluster_id = brought.cluster_id
left join signals on members.cluster_id = signals.cluster_id
