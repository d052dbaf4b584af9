-- Grain: one row per user_id and device_id that the user was ever seen with, on the users row or in an event.
select
    user_id,
    device_id
from {{ ref('stg_users') }}
where device_id is not null
union
select
    user_id,
    device_id
from {{ ref('stg_events') }}
where device_id is not null
