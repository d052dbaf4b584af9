-- Grain: one row per referral_id, with its two people and the moments of its own events.
with referrals as (select * from {{ ref('stg_referrals') }}),

referral_events as (select * from {{ ref('int_referral_events') }}),

ranked_applications as (
    select
        referral_id,
        user_id,
        row_number() over (partition by referral_id order by event_at, event_id) as occurrence
    from referral_events
    where event_type = 'referral_applied'
),

ranked_invitations as (
    select
        referral_id,
        channel,
        row_number() over (partition by referral_id order by event_at, event_id) as occurrence
    from referral_events
    where event_type = 'invite_sent' and channel is not null
),

clicks as (
    select
        referral_id,
        min(event_at) as clicked_at
    from referral_events
    where event_type = 'invite_clicked'
    group by referral_id
),

paired as (
    select
        referrals.*,
        coalesce(referrals.referred_user_id, applications.user_id) as resolved_referred_user_id,
        coalesce(referrals.channel, invitations.channel, 'unknown') as resolved_channel,
        clicks.clicked_at
    from referrals
    left join ranked_applications as applications on referrals.referral_id = applications.referral_id and applications.occurrence = 1
    left join ranked_invitations as invitations on referrals.referral_id = invitations.referral_id and invitations.occurrence = 1
    left join clicks on referrals.referral_id = clicks.referral_id
),

applied as (
    select
        referral_events.referral_id,
        min(referral_events.event_at) as applied_at
    from referral_events
    inner join paired
        on referral_events.referral_id = paired.referral_id and referral_events.user_id = paired.resolved_referred_user_id
    where referral_events.event_type = 'referral_applied'
    group by referral_events.referral_id
)

select
    paired.referral_id,
    paired.referrer_user_id,
    paired.resolved_referred_user_id as referred_user_id,
    paired.referred_email,
    paired.resolved_channel as channel,
    paired.source_status,
    paired.sent_at,
    paired.clicked_at,
    applied.applied_at
from paired
left join applied on paired.referral_id = applied.referral_id
