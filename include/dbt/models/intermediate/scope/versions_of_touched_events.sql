{% set columns = {'event_id': 'string', 'user_id': 'bigint', 'event_type': 'string', 'event_at': 'timestamp', 'referral_id': 'bigint',
    'metadata_json': 'string'} %}
-- Grain: one row per landed version of a touched event, replaced ones included.
{{ versions_of_touched('events', 'event_id', 'event_at', 'event_date', columns, 'touched_events') }}
