-- Grain: one row per referral_id with a reward entry or a reward due: the money at stake. Paid is what was awarded and not withheld, spent or not;
-- due is what an eligible referral's open sides will be paid.
with rewards as (
    select
        referral_id,
        greatest(sum(case when entry_type in ('awarded', 'withheld') then signed_amount_usd else 0 end), 0) as paid_usd,
        sum(case when entry_type = 'awarded' and not is_duplicate then amount_usd else 0 end) as first_award_usd,
        sum(case when is_duplicate then amount_usd else 0 end) as second_awards_usd,
        sum(case when is_orphan then amount_usd else 0 end) as orphan_usd
    from {{ ref('fct_rewards') }}
    where referral_id is not null
    group by referral_id, reward_key
),

entered as (
    select
        referral_id,
        sum(paid_usd) as paid_usd,
        sum(greatest(least(second_awards_usd, paid_usd - first_award_usd), 0)) as duplicate_usd,
        sum(orphan_usd) as orphan_usd
    from rewards
    group by referral_id
),

due as (
    select
        waits.referral_id,
        sum(bonus_periods.amount_usd) as due_usd
    from {{ ref('int_reward_waits') }} as waits
    inner join {{ ref('int_bonus_periods') }} as bonus_periods
        on
            waits.reward_type = bonus_periods.reward_type
            and waits.valued_at >= bonus_periods.effective_from
            and (waits.valued_at < bonus_periods.effective_until or bonus_periods.effective_until is null)
    where waits.waiting_on = 'system' and waits.until_at is null
    group by waits.referral_id
)

select
    coalesce(entered.referral_id, due.referral_id) as referral_id,
    cast(coalesce(entered.paid_usd, 0) as decimal(18, 2)) as paid_usd,
    cast(coalesce(due.due_usd, 0) as decimal(18, 2)) as due_usd,
    cast(coalesce(entered.duplicate_usd, 0) as decimal(18, 2)) as duplicate_usd,
    cast(coalesce(entered.orphan_usd, 0) as decimal(18, 2)) as orphan_usd,
    cast(coalesce(entered.paid_usd, 0) + coalesce(due.due_usd, 0) as decimal(18, 2)) as at_risk_usd
from entered
full outer join due on entered.referral_id = due.referral_id
