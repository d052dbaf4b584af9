-- What is owed on the last evening is the balance of the ledger plus every open side of an eligible referral (due or overdue), at the bonus in force
-- when it fell due. Stops the run: the forecast starts from this number, and finance books it.
with last_evening as (
    select
        closing_usd,
        unpaid_usd
    from {{ ref('fct_liability_day') }}
    order by activity_date desc
    limit 1
),

ledger as (
    select coalesce(sum(signed_amount_usd), 0) as balance_usd
    from {{ ref('fct_rewards') }}
    where not is_orphan
),

open_sides as (
    select coalesce(sum(bonuses.amount_usd), 0) as unpaid_usd
    from {{ ref('fct_referral') }} as referrals
    inner join {{ ref('int_bonus_periods') }} as bonuses
        on
            referrals.eligible_at >= bonuses.effective_from
            and (referrals.eligible_at < bonuses.effective_until or bonuses.effective_until is null)
    left join {{ ref('int_referral_awards') }} as awards on referrals.referral_id = awards.referral_id
    where
        referrals.award_state in ('due', 'overdue')
        and case bonuses.reward_type when 'referrer_bonus' then awards.referrer_side else awards.referred_side end is null
)

select
    last_evening.closing_usd,
    ledger.balance_usd,
    last_evening.unpaid_usd,
    open_sides.unpaid_usd as open_sides_usd
from last_evening
cross join ledger
cross join open_sides
where last_evening.closing_usd <> ledger.balance_usd or last_evening.unpaid_usd <> open_sides.unpaid_usd
