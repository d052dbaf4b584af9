-- Grain: one row per from_school_id and to_school_id with a referral, the schools that referrer and referred user have at T. Rebuilt: people move.
with edges as (
    select
        referrers.school_id as from_school_id,
        referred.school_id as to_school_id,
        edges.referrer_user_id,
        edges.eligible_at
    from {{ ref('fct_network_edge') }} as edges
    inner join {{ ref('dim_user') }} as referrers on edges.referrer_user_id = referrers.user_id
    inner join {{ ref('dim_user') }} as referred on edges.referred_user_id = referred.user_id
    where not edges.is_left_out
)

select
    from_school_id,
    to_school_id,
    count(*) as referrals,
    cast(sum(case when eligible_at >= {{ hours_after(as_of(), -28 * 24) }} then 1 else 0 end) as bigint) as referrals_28d,
    count(distinct referrer_user_id) as referrers,
    from_school_id = to_school_id and from_school_id <> -1 as is_within_school
from edges
group by from_school_id, to_school_id
