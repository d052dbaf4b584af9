{% set days_shown = 42 %}
-- Grain: one row per activity_date and reason to wait: the rewards that at the end of that day had been pending for more than 48 hours. Every reason
-- has a row for every one of the last six weeks. Rebuilt: a late entry changes every day since it was made.
with days as (
    select {{ every_day(days_after('cast(' ~ as_of() ~ ' as date)', -days_shown), days_after('cast(' ~ as_of() ~ ' as date)', -1)) }} as activity_date
),

evenings as (
    select
        activity_date,
        {{ hours_after('cast(activity_date as timestamp)', 24) }} as evening
    from days
),

waits as (
    select
        waits.*,
        coalesce(bonus_periods.amount_usd, 0) as amount_usd
    from {{ ref('int_reward_waits') }} as waits
    left join {{ ref('int_bonus_periods') }} as bonus_periods
        on
            waits.reward_type = bonus_periods.reward_type
            and waits.valued_at >= bonus_periods.effective_from
            and (waits.valued_at < bonus_periods.effective_until or bonus_periods.effective_until is null)
),

reasons as (
    select 'system' as waiting_on
    union all
    select 'held' as waiting_on
    union all
    select 'user' as waiting_on
)

select
    evenings.activity_date,
    reasons.waiting_on,
    count(waits.referral_id) as rewards,
    count(distinct waits.referral_id) as referrals,
    cast(coalesce(sum(waits.amount_usd), 0) as decimal(18, 2)) as amount_usd
from evenings
cross join reasons
left join waits
    on
        reasons.waiting_on = waits.waiting_on
        and evenings.evening > waits.from_at -- at exactly 48 hours it is not yet overdue
        and (evenings.evening <= waits.until_at or waits.until_at is null)
group by evenings.activity_date, reasons.waiting_on
