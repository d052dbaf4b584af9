-- Grain: one row per referral_id and reward_type that at T has been pending for longer than the programme asks people to wait, with the one reason.
-- The same rewards as the newest day of fct_reward_pending_day counts.
with waits as (
    select *
    from {{ ref('int_reward_waits') }}
    where from_at < {{ as_of() }} and (until_at is null or until_at >= {{ as_of() }})
)

select
    waits.referral_id,
    waits.reward_type,
    case when waits.reward_type = 'referrer_bonus' then referrals.referrer_user_id else referrals.referred_user_id end as user_id,
    waits.waiting_on,
    case
        when waits.waiting_on <> 'user' then null
        when referrals.rule_outcome = 'onboarding_incomplete' then 'onboarding'
        else 'qualifying_action'
    end as missing_step,
    waits.valued_at as pending_since,
    waits.from_at as late_since,
    round({{ hours_between('waits.from_at', as_of()) }}, 6) as hours_late,
    case
        when {{ hours_between('waits.valued_at', as_of()) }} <= 72 then '48-72 h'
        when {{ hours_between('waits.valued_at', as_of()) }} <= 7 * 24 then '3-7 d'
        else '> 7 d'
    end as age_bucket,
    cast(coalesce(bonus_periods.amount_usd, 0) as decimal(12, 2)) as amount_usd
from waits
inner join {{ ref('fct_referral') }} as referrals on waits.referral_id = referrals.referral_id
left join {{ ref('int_bonus_periods') }} as bonus_periods
    on
        waits.reward_type = bonus_periods.reward_type
        and waits.valued_at >= bonus_periods.effective_from
        and (waits.valued_at < bonus_periods.effective_until or bonus_periods.effective_until is null)
