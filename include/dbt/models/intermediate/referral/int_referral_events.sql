-- Grain: one row per event_id of the programme, with the referral it belongs to: the one in its referral_id, else the one referral that alone carries
-- the event's referral_code, else none (null).
with sole_carriers as (
    select
        referral_code,
        min(referral_id) as referral_id
    from {{ ref('stg_referrals') }}
    group by referral_code
    having count(*) = 1
)

select
    events.event_id,
    coalesce(events.referral_id, sole_carriers.referral_id) as referral_id,
    events.user_id,
    events.event_type,
    events.channel,
    events.reward_type,
    events.amount_usd,
    events.event_at
from {{ ref('stg_events') }} as events
left join sole_carriers on events.referral_id is null and events.referral_code = sole_carriers.referral_code
where
    events.event_type in (
        'invite_sent', 'invite_clicked', 'referral_applied', 'reward_awarded', 'reward_redeemed', 'reward_withheld'
    )
