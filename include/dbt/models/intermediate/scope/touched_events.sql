-- Grain: one row per event_id that this build must look at again. Empty in a full refresh, which looks at everything anyway.
{{ ids_to_look_at('events', 'event_id', 'event_at') }}
