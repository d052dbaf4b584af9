-- Grain: one row per reward event, an entry of the ledger. The side is what the event says, else the side of the referral on which its user is.
with entries as (
    select
        events.event_id as entry_id,
        events.referral_id,
        events.user_id,
        case
            when events.reward_type in ('referrer_bonus', 'referred_bonus') then events.reward_type
            when events.user_id = referrals.referrer_user_id then 'referrer_bonus'
            when events.user_id = referrals.referred_user_id then 'referred_bonus'
        end as reward_type,
        replace(events.event_type, 'reward_', '') as entry_type,
        events.event_at as entry_at,
        events.amount_usd as delivered_amount_usd
    from {{ ref('int_referral_events') }} as events
    left join {{ ref('int_referrals_resolved') }} as referrals on events.referral_id = referrals.referral_id
    where events.event_type in ('reward_awarded', 'reward_redeemed', 'reward_withheld')
),

valued as (
    select
        entries.entry_id,
        coalesce(cast(entries.referral_id as string), '')
        || '|' || cast(entries.user_id as string)
        || '|' || coalesce(entries.reward_type, '') as reward_key,
        entries.referral_id,
        entries.user_id,
        entries.reward_type,
        entries.entry_type,
        entries.entry_at,
        coalesce(entries.delivered_amount_usd, bonus_periods.amount_usd, 5.00) as amount_usd
    from entries
    left join {{ ref('int_bonus_periods') }} as bonus_periods
        on
            entries.reward_type = bonus_periods.reward_type
            and entries.entry_at >= bonus_periods.effective_from
            and (entries.entry_at < bonus_periods.effective_until or bonus_periods.effective_until is null)
),

awards as (
    select
        reward_key,
        min(entry_at) as first_awarded_at
    from valued
    where entry_type = 'awarded'
    group by reward_key
)

select
    valued.entry_id,
    valued.reward_key,
    valued.referral_id,
    valued.user_id,
    valued.reward_type,
    valued.entry_type,
    valued.entry_at,
    cast(valued.amount_usd as decimal(12, 2)) as amount_usd,
    coalesce(awards.first_awarded_at <= valued.entry_at, false) as is_preceded_by_award,
    cast(row_number() over (partition by valued.reward_key, valued.entry_type order by valued.entry_at, valued.entry_id) as bigint) as occurrence
from valued
left join awards on valued.reward_key = awards.reward_key
