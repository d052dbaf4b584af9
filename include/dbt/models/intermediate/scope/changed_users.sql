{% set event_columns = {'event_id': 'varchar', 'user_id': 'bigint', 'event_type': 'varchar', 'event_at': 'timestamp', 'referral_id': 'bigint',
    'metadata_json': 'varchar'} %}
{% set purchase_columns = {'purchase_id': 'varchar', 'user_id': 'bigint', 'product_id': 'bigint', 'quantity': 'bigint',
    'price_paid': 'decimal(12, 2)', 'points_earned': 'decimal(12, 4)', 'purchased_at': 'timestamp'} %}
-- Grain: one row per user_id whose facts are rebuilt whatever their day: a users row of theirs landed, or an earlier landed version of one of their
-- events or purchases changed (old and new owner). A redelivery with the same content changes nothing and is not here.
with event_versions as (
    {{ all_versions('events', 'event_id', event_columns, 'touched_events') }}
),

purchase_versions as (
    {{ all_versions('purchases', 'purchase_id', purchase_columns, 'touched_purchases') }}
),

changed_events as (
    select event_id
    from event_versions
    group by event_id
    having count(*) > 1 or not bool_or(is_in_raw)
),

changed_purchases as (
    select purchase_id
    from purchase_versions
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
from event_versions
where event_id in (select event_id from changed_events)
union
select user_id
from purchase_versions
where purchase_id in (select purchase_id from changed_purchases)
