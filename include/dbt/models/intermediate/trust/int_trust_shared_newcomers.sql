-- Grain: one row per cluster_id, kind of identifier and applied referral_id that runs along it: referrer and referred share the identifier, or two
-- people whom one referrer brought share it with each other. Off such an edge sharing is a household and says nothing. A cluster needs two such
-- newcomers.
with referrals as (
    select
        referral_id,
        referrer_user_id,
        referred_user_id,
        applied_at
    from {{ ref('fct_referral') }}
    where applied_at is not null and referrer_user_id <> referred_user_id
),

links as (
    select
        low_user_id as user_id,
        high_user_id as other_user_id,
        identifier_kind,
        linked_at
    from {{ ref('int_trust_links') }}
    union all
    select
        high_user_id as user_id,
        low_user_id as other_user_id,
        identifier_kind,
        linked_at
    from {{ ref('int_trust_links') }}
),

along as (
    select
        referrals.referral_id,
        referrals.referred_user_id,
        links.identifier_kind,
        greatest(referrals.applied_at, links.linked_at) as completed_at
    from referrals
    inner join links on referrals.referrer_user_id = links.user_id and referrals.referred_user_id = links.other_user_id
    union all
    select
        referrals.referral_id,
        referrals.referred_user_id,
        links.identifier_kind,
        greatest(referrals.applied_at, siblings.applied_at, links.linked_at) as completed_at
    from links
    inner join referrals on links.user_id = referrals.referred_user_id
    inner join referrals as siblings
        on links.other_user_id = siblings.referred_user_id and referrals.referrer_user_id = siblings.referrer_user_id
),

first_along as (
    select
        clusters.cluster_id,
        along.identifier_kind,
        along.referral_id,
        along.referred_user_id,
        min(along.completed_at) as completed_at
    from along
    inner join {{ ref('int_trust_clusters') }} as clusters on along.referred_user_id = clusters.user_id
    group by clusters.cluster_id, along.identifier_kind, along.referral_id, along.referred_user_id
),

numbered as (
    select
        *,
        dense_rank() over (partition by cluster_id, identifier_kind order by referred_completed_at, referred_user_id) as newcomer_number
    from (
        select
            *,
            min(completed_at) over (partition by cluster_id, identifier_kind, referred_user_id) as referred_completed_at
        from first_along
    ) as each_newcomer
),

clusters as (
    select
        cluster_id,
        identifier_kind,
        max(newcomer_number) as newcomers,
        max(case when newcomer_number = 2 then referred_completed_at end) as completed_at
    from numbered
    group by cluster_id, identifier_kind
    having max(newcomer_number) >= 2
)

select
    'shared_' || clusters.identifier_kind || '_cluster' as signal_type,
    'cluster' as entity_type,
    clusters.cluster_id as entity_id,
    case when clusters.newcomers >= 3 then 'three_or_more' else 'two' end as grade,
    numbered.referral_id,
    clusters.completed_at,
    coalesce(money.at_risk_usd, 0) as amount_usd,
    {{ json_document({
        'shared_kind': 'clusters.identifier_kind',
        'newcomers_who_share': 'clusters.newcomers',
        'first_two_at': 'clusters.completed_at',
    }) }} as evidence_json
from clusters
inner join numbered on clusters.cluster_id = numbered.cluster_id and clusters.identifier_kind = numbered.identifier_kind
left join {{ ref('int_trust_money') }} as money on numbered.referral_id = money.referral_id
