-- Grain: one row per school_id that is known or has members, and -1 for users without a school. Rebuilt, as the users' places are. How a school grows
-- by its members' referrals, how sure that is, and on whom it depends.
with members as (
    select
        users.user_id,
        users.school_id,
        places.depth,
        places.direct_referrals,
        places.descendants,
        places.subtree_amount_raised_usd
    from {{ ref('dim_user') }} as users
    inner join {{ ref('fct_network_effects_user') }} as places on users.user_id = places.user_id
),

by_school as (
    select
        school_id,
        sum(case when depth = 0 then 1 else 0 end) as seeds
    from members
    group by school_id
),

contributing as (
    select
        members.school_id,
        count(distinct days.user_id) as active_supporters
    from {{ ref('fct_user_day') }} as days
    inner join members on days.user_id = members.user_id
    where
        days.is_contributing
        and days.activity_date >= cast({{ hours_after(as_of(), -28 * 24) }} as date)
        and days.activity_date < cast({{ as_of() }} as date)
    group by members.school_id
),

-- counted over the forest, as the referrals out of the school are
senders as (
    select
        members.school_id,
        members.user_id,
        members.descendants,
        members.subtree_amount_raised_usd,
        count(*) as referrals
    from {{ ref('fct_network_edge') }} as edges
    inner join members on edges.referrer_user_id = members.user_id
    where not edges.is_left_out
    group by members.school_id, members.user_id, members.descendants, members.subtree_amount_raised_usd
),

top_senders as (
    select
        *,
        row_number() over (partition by school_id order by referrals desc, descendants desc, user_id asc) as sender_rank
    from senders
),

between_schools as (
    select
        school_id,
        sum(imported) as imported_referrals,
        sum(exported) as exported_referrals
    from (
        select
            to_school_id as school_id,
            referrals as imported,
            0 as exported
        from {{ ref('fct_school_flow') }}
        where from_school_id <> to_school_id
        union all
        select
            from_school_id as school_id,
            0 as imported,
            referrals as exported
        from {{ ref('fct_school_flow') }}
        where from_school_id <> to_school_id
    ) as directions
    group by school_id
)

select
    schools.school_id,
    schools.members,
    cast(coalesce(by_school.seeds, 0) as integer) as seeds,
    schools.members_referred,
    {{ rate('schools.members_referred', 'schools.members') }} as referred_share,
    cast(coalesce(contributing.active_supporters, 0) as integer) as active_supporters,
    {{ rate('coalesce(contributing.active_supporters, 0)', 'schools.members') }} as participation,
    {{ wilson_low('coalesce(contributing.active_supporters, 0)', 'schools.members') }} as participation_low,
    {{ wilson_high('coalesce(contributing.active_supporters, 0)', 'schools.members') }} as participation_high,
    cast(coalesce(sums.mature_users, 0) as bigint) as mature_members,
    cast(coalesce(sums.offspring, 0) as bigint) as offspring,
    cast(coalesce(sums.offspring_same_school, 0) as bigint) as offspring_same_school,
    {{ rate('sums.offspring', 'sums.mature_users') }} as k_60,
    {{ mean_count_low('sums.offspring', 'sums.offspring_squared', 'sums.mature_users') }} as k_60_low,
    {{ mean_count_high('sums.offspring', 'sums.offspring_squared', 'sums.mature_users') }} as k_60_high,
    {{ rate('sums.offspring_same_school', 'sums.mature_users') }} as k_60_within,
    {{ rate('(sums.offspring - sums.offspring_same_school)', 'sums.mature_users') }} as k_60_across,
    cast(shrunk.programme_k as double) as programme_k_60,
    cast(shrunk.k_shrunk as double) as k_60_shrunk,
    cast(shrunk.k_shrunk_low as double) as k_60_shrunk_low,
    cast(shrunk.k_shrunk_high as double) as k_60_shrunk_high,
    cast(shrunk.probability_above_programme as double) as probability_above_programme,
    cast(shrunk.school_rank as integer) as school_rank,
    schools.inbound_referrals,
    schools.outbound_referrals,
    cast(coalesce(between_schools.imported_referrals, 0) as integer) as imported_referrals,
    cast(coalesce(between_schools.exported_referrals, 0) as integer) as exported_referrals,
    top_senders.user_id as top_sender_user_id,
    cast(coalesce(top_senders.referrals, 0) as integer) as top_sender_referrals,
    {{ rate('top_senders.referrals', 'schools.outbound_referrals') }} as top_sender_share,
    cast(coalesce(top_senders.descendants, 0) as integer) as top_sender_descendants,
    cast(coalesce(top_senders.subtree_amount_raised_usd, 0) as decimal(18, 6)) as top_sender_amount_raised_usd,
    schools.new_members_28d,
    schools.new_members_prior_28d
from {{ ref('fct_network_effects_school') }} as schools
left join by_school on schools.school_id = by_school.school_id
left join contributing on schools.school_id = contributing.school_id
left join {{ ref('int_offspring_by_school') }} as sums on schools.school_id = sums.school_id
left join {{ ref('int_school_k') }} as shrunk on schools.school_id = shrunk.school_id
left join top_senders on schools.school_id = top_senders.school_id and top_senders.sender_rank = 1
left join between_schools on schools.school_id = between_schools.school_id
