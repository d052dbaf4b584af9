-- Grain: one row per user_id whose facts are rebuilt whatever their day: a users row of theirs landed, or an earlier landed version of one of their
-- events or purchases changed (old and new owner). A redelivery with the same content changes nothing and is not here.
with event_contents as (
    select
        event_id,
        user_id,
        bool_or(is_in_raw) as is_in_raw
    from {{ ref('versions_of_touched_events') }}
    group by event_id, user_id, event_type, event_at, referral_id, metadata_json
),

purchase_contents as (
    select
        purchase_id,
        user_id,
        bool_or(is_in_raw) as is_in_raw
    from {{ ref('versions_of_touched_purchases') }}
    group by purchase_id, user_id, product_id, quantity, price_paid, points_earned, purchased_at
),

changed_events as (
    select event_id
    from event_contents
    group by event_id
    having count(*) > 1 or not bool_or(is_in_raw)
),

changed_purchases as (
    select purchase_id
    from purchase_contents
    group by purchase_id
    having count(*) > 1 or not bool_or(is_in_raw)
)

select user_id
from {{ source('raw', 'users') }}
where {{ landed_anew() }} and not {{ flags.FULL_REFRESH | lower }}
union
select {{ superseded_value('user_id', 'bigint') }} as user_id
from {{ source('raw', 'superseded') }}
where table_name = 'users' and superseded_by_load_id > {{ var('base_load_id') }}
union
select user_id
from event_contents
where event_id in (select event_id from changed_events)
union
select user_id
from purchase_contents
where purchase_id in (select purchase_id from changed_purchases)
