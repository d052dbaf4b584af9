-- Grain: one row per combination of side and days: sides of completed referrals, when each was first awarded or withheld, when that was known, and
-- whether the other side of the referral has been awarded (a referral that was paid once was judged payable).
with closings as (
    select
        referral_id,
        reward_type,
        entry_date,
        entry_type = 'awarded' as is_award,
        known_date,
        row_number() over (partition by referral_id, reward_type order by known_date, entry_at, entry_id) as occurrence
    from {{ ref('int_known_reward_entries') }}
    where entry_type in ('awarded', 'withheld') and referral_id is not null and reward_type is not null
),

bonuses as (select distinct reward_type from {{ ref('int_bonus_periods') }})

select
    bonuses.reward_type,
    referrals.completed_date,
    referrals.completed_known_date,
    case when closings.entry_date is not null then greatest(closings.entry_date, referrals.completed_date) end as closed_date,
    closings.known_date as closed_known_date,
    coalesce(closings.is_award, false) as is_award,
    case when others.is_award then others.known_date end as other_awarded_known_date,
    count(*) as sides
from {{ ref('int_known_referrals') }} as referrals
cross join bonuses
left join closings
    on referrals.referral_id = closings.referral_id and bonuses.reward_type = closings.reward_type and closings.occurrence = 1
left join closings as others
    on referrals.referral_id = others.referral_id and bonuses.reward_type <> others.reward_type and others.occurrence = 1
where referrals.completed_date is not null
group by
    bonuses.reward_type, referrals.completed_date, referrals.completed_known_date, closings.entry_date, closings.known_date, closings.is_award,
    others.is_award, others.known_date
