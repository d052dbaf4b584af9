-- Grain: one row per user_id, kind of strong identifier (device, payment, email) and identifier: when the user was first seen with it. What the users
-- row says holds from the account's first moment.
with seen as (
    select
        user_id,
        'device' as identifier_kind,
        device_id as identifier,
        created_at as seen_at
    from {{ ref('stg_users') }}
    where device_id is not null
    union all
    select
        user_id,
        'device' as identifier_kind,
        device_id as identifier,
        min(event_at) as seen_at
    from {{ ref('stg_events') }}
    where device_id is not null
    group by user_id, device_id
    union all
    select
        user_id,
        'payment' as identifier_kind,
        payment_fingerprint as identifier,
        created_at as seen_at
    from {{ ref('stg_users') }}
    where payment_fingerprint is not null
    union all
    select
        user_id,
        'payment' as identifier_kind,
        payment_fingerprint as identifier,
        min(event_at) as seen_at
    from {{ ref('stg_events') }}
    where payment_fingerprint is not null
    group by user_id, payment_fingerprint
    union all
    select
        emails.user_id,
        'email' as identifier_kind,
        emails.email_key as identifier,
        users.created_at as seen_at
    from {{ ref('int_user_emails') }} as emails
    inner join {{ ref('stg_users') }} as users on emails.user_id = users.user_id
)

select
    user_id,
    identifier_kind,
    identifier,
    min(seen_at) as first_seen_at
from seen
group by user_id, identifier_kind, identifier
