-- Grain: one row per referral_id that is credited and eligible, an edge from the referrer down to the referred user. Rebuilt: small, and one verdict
-- can change a whole tree. Every user has at most one edge up, so a cycle is a closed ring; the edge that became eligible last is left out of it.
with edges as (
    select
        referral_id,
        referrer_user_id,
        referred_user_id,
        eligible_at
    from {{ ref('fct_referral') }}
    where is_credited and rule_outcome = 'eligible'
),

on_a_ring as (
    select user_id
    from {{ ref('int_network_reach') }}
    where user_id = reached_user_id
),

-- all users of one ring reach each other: the smallest of them names it
rings as (
    select
        reach.user_id,
        min(reach.reached_user_id) as ring_id
    from {{ ref('int_network_reach') }} as reach
    inner join on_a_ring as here on reach.user_id = here.user_id
    inner join on_a_ring as there on reach.reached_user_id = there.user_id
    group by reach.user_id
),

ranked as (
    select
        edges.*,
        rings.ring_id,
        row_number() over (partition by rings.ring_id order by edges.eligible_at desc, edges.referral_id desc) as recency
    from edges
    left join rings on edges.referred_user_id = rings.user_id
)

select
    referral_id,
    referrer_user_id,
    referred_user_id,
    eligible_at,
    ring_id is not null and recency = 1 as is_left_out
from ranked
