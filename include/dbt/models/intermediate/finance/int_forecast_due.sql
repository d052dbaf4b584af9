-- Grain: one row per combination of side, day of eligibility and day of the first award or withholding (empty: unpaid at T): sides of eligible
-- referrals and the bonus in force at eligible_at. Judged by all that is known at T, so only the forecast made at T may read it.
with bonuses as (select * from {{ ref('int_bonus_periods') }}),

closings as (
    select
        referral_id,
        reward_type,
        min(entry_at) as closed_at
    from {{ ref('int_reward_entries') }}
    where entry_type in ('awarded', 'withheld') and referral_id is not null
    group by referral_id, reward_type
),

firsts as (
    select
        entries.referral_id,
        entries.reward_type,
        bool_or(entries.entry_type = 'awarded') as is_award
    from {{ ref('int_reward_entries') }} as entries
    inner join closings
        on
            entries.referral_id = closings.referral_id
            and entries.reward_type = closings.reward_type
            and entries.entry_at = closings.closed_at
    where entries.entry_type in ('awarded', 'withheld')
    group by entries.referral_id, entries.reward_type
),

sides as (
    select
        bonuses.reward_type,
        bonuses.amount_usd,
        cast(referrals.eligible_at as date) as eligible_date,
        cast(case when closings.closed_at is not null then greatest(closings.closed_at, referrals.eligible_at) end as date) as closed_date,
        coalesce(firsts.is_award, false) as is_award
    from {{ ref('fct_referral') }} as referrals
    inner join bonuses
        on
            referrals.eligible_at >= bonuses.effective_from
            and (referrals.eligible_at < bonuses.effective_until or bonuses.effective_until is null)
    left join closings on referrals.referral_id = closings.referral_id and bonuses.reward_type = closings.reward_type
    left join firsts on referrals.referral_id = firsts.referral_id and bonuses.reward_type = firsts.reward_type
    where referrals.rule_outcome = 'eligible'
)

select
    reward_type,
    eligible_date,
    closed_date,
    is_award,
    count(*) as sides,
    cast(sum(amount_usd) as decimal(18, 2)) as amount_usd
from sides
group by reward_type, eligible_date, closed_date, is_award
