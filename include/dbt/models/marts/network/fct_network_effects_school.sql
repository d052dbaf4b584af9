-- Grain: one row per school_id that is in schools or has members, and -1 for users without a school. Rebuilt, as the users' places are.
with members as (
    select
        users.user_id,
        users.school_id,
        users.created_at,
        places.depth,
        places.invites_sent,
        places.k_60
    from {{ ref('dim_user') }} as users
    inner join {{ ref('fct_network_effects_user') }} as places on users.user_id = places.user_id
),

schools as (
    select school_id from {{ ref('dim_school') }}
    union
    select school_id from members
),

by_members as (
    select
        school_id,
        count(*) as members,
        sum(case when depth > 0 then 1 else 0 end) as members_referred,
        sum(invites_sent) as invites_sent,
        avg(cast(k_60 as double)) as k_60,
        sum(
            case when created_at >= {{ hours_after(as_of(), -28 * 24) }} and created_at < {{ as_of() }} then 1 else 0 end
        ) as new_members_28d,
        sum(
            case
                when created_at >= {{ hours_after(as_of(), -56 * 24) }} and created_at < {{ hours_after(as_of(), -28 * 24) }} then 1
                else 0
            end
        ) as new_members_prior_28d
    from members
    group by school_id
),

edges as (
    select
        edges.referrer_user_id,
        referrers.school_id as from_school_id,
        referred.school_id as to_school_id
    from {{ ref('fct_network_edge') }} as edges
    inner join members as referrers on edges.referrer_user_id = referrers.user_id
    inner join members as referred on edges.referred_user_id = referred.user_id
    where not edges.is_left_out
),

inbound as (
    select
        to_school_id as school_id,
        count(*) as inbound_referrals,
        sum(case when from_school_id = to_school_id and to_school_id <> -1 then 1 else 0 end) as same_school_referrals
    from edges
    group by to_school_id
),

by_sender as (
    select
        from_school_id as school_id,
        referrer_user_id,
        count(*) as sent_referrals
    from edges
    group by from_school_id, referrer_user_id
),

outbound as (
    select
        school_id,
        sum(sent_referrals) as outbound_referrals,
        max(sent_referrals) as top_sender_referrals
    from by_sender
    group by school_id
)

select
    schools.school_id,
    cast(coalesce(by_members.members, 0) as integer) as members,
    cast(coalesce(by_members.members_referred, 0) as integer) as members_referred,
    cast(coalesce(by_members.invites_sent, 0) as integer) as invites_sent,
    by_members.k_60,
    cast(inbound.same_school_referrals as double) / nullif(inbound.inbound_referrals, 0) as same_school_share,
    cast(coalesce(inbound.inbound_referrals, 0) as integer) as inbound_referrals,
    cast(coalesce(outbound.outbound_referrals, 0) as integer) as outbound_referrals,
    cast(outbound.top_sender_referrals as double) / nullif(outbound.outbound_referrals, 0) as top_sender_share,
    cast(coalesce(by_members.new_members_28d, 0) as integer) as new_members_28d,
    cast(coalesce(by_members.new_members_prior_28d, 0) as integer) as new_members_prior_28d
from schools
left join by_members on schools.school_id = by_members.school_id
left join inbound on schools.school_id = inbound.school_id
left join outbound on schools.school_id = outbound.school_id
