-- Grain: one row per referral_id, its first landed row, with the first landing of each step of the friend's way: what a forecast made on a past day
-- could know. Only first landings count and nothing that lands later can change them, so no origin of the backtest sees its own future.
-- An application by an account older than the invitation earns nothing and counts as none.
with landed_referrals as (
    select
        referral_id,
        referrer_user_id,
        referral_code,
        sent_at,
        _ds as known_date,
        row_number() over (partition by referral_id order by _ds, _file, _line) as occurrence
    from {{ source('raw', 'referrals') }}
    where sent_at < {{ as_of() }}
),

referrals as (
    select
        *,
        row_number() over (partition by referral_code order by known_date, referral_id) as carrier
    from landed_referrals
    where occurrence = 1
),

landed_users as (
    select
        user_id,
        created_at,
        _ds as known_date,
        row_number() over (partition by user_id order by _ds, _file, _line) as occurrence
    from {{ source('raw', 'users') }}
),

users as (
    select *
    from landed_users
    where occurrence = 1
),

landed_applications as (
    select
        event_id,
        user_id,
        referral_id,
        metadata_json,
        {{ json_texts('metadata_json', ['referral_code']) }} as metadata,
        event_at,
        _ds as known_date,
        row_number() over (partition by event_id order by _ds, _file, _line) as occurrence
    from {{ source('raw', 'events') }}
    where event_type = 'referral_applied' and event_at < {{ as_of() }}
),

named_applications as (
    select
        landed_applications.event_id,
        landed_applications.user_id,
        landed_applications.event_at,
        landed_applications.known_date,
        coalesce(landed_applications.referral_id, carriers.referral_id) as referral_id
    from landed_applications
    left join referrals as carriers
        on
            landed_applications.referral_id is null
            and {{ text_of_key('landed_applications.metadata', 'referral_code', 'landed_applications.metadata_json') }} = carriers.referral_code
            and carriers.carrier = 1
    where landed_applications.occurrence = 1
),

applications as (
    select
        named_applications.referral_id,
        named_applications.user_id,
        named_applications.event_at as applied_at,
        greatest(named_applications.known_date, users.known_date, referrals.known_date) as known_date,
        row_number() over (
            partition by named_applications.referral_id
            order by
                greatest(named_applications.known_date, users.known_date, referrals.known_date),
                named_applications.event_at,
                named_applications.event_id
        ) as occurrence
    from named_applications
    inner join referrals on named_applications.referral_id = referrals.referral_id
    inner join users on named_applications.user_id = users.user_id
    where users.created_at >= referrals.sent_at
),

landed_steps as (
    select
        events.user_id,
        events.event_type = 'onboarding_complete' as is_onboarding,
        events.event_at,
        events._ds as known_date,
        row_number() over (
            partition by events.user_id, events.event_type = 'onboarding_complete' order by events._ds, events.event_at, events.event_id
        ) as occurrence
    from {{ source('raw', 'events') }} as events
    cross join {{ ref('int_policy') }} as policy
    where
        (
            events.event_type in ('onboarding_complete', 'school_linked')
            or (events.event_type = 'receipt_scan_completed' and policy.qualifying = 'scan_or_link')
        )
        and events.event_at < {{ as_of() }}
        and events.user_id in (select user_id from applications)
),

steps as (
    select
        user_id,
        max(event_at) as done_at,
        max(known_date) as known_date
    from landed_steps
    where occurrence = 1
    group by user_id
    having count(*) = 2 -- onboarding and a qualifying action
)

select
    referrals.referral_id,
    referrals.referrer_user_id,
    referrals.referral_code,
    referrals.carrier = 1 as is_code_carrier,
    cast(referrals.sent_at as date) as sent_date,
    referrals.known_date,
    cast(senders.created_at as date) as sender_signup_date,
    applications.user_id as referred_user_id,
    cast(applications.applied_at as date) as applied_date,
    applications.known_date as applied_known_date,
    case when steps.user_id is not null then cast(greatest(applications.applied_at, steps.done_at) as date) end as completed_date,
    case when steps.user_id is not null then greatest(applications.known_date, steps.known_date) end as completed_known_date
from referrals
left join users as senders on referrals.referrer_user_id = senders.user_id and referrals.known_date >= senders.known_date
left join applications on referrals.referral_id = applications.referral_id and applications.occurrence = 1
left join steps on applications.user_id = steps.user_id
