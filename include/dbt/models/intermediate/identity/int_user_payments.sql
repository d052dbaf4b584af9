-- Grain: one row per user_id and payment_fingerprint that the user was ever seen with, on the users row or in an event.
select
    user_id,
    payment_fingerprint
from {{ ref('stg_users') }}
where payment_fingerprint is not null
union
select
    user_id,
    payment_fingerprint
from {{ ref('stg_events') }}
where payment_fingerprint is not null
