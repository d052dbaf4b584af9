-- Grain: one row per event_id that this build must look at again. Empty in a full refresh, which looks at everything anyway.
select distinct event_id
from {{ source('raw', 'events') }}
where {{ landed_anew('event_at') }} and not {{ flags.FULL_REFRESH | lower }}
union
select {{ superseded_value('event_id') }} as event_id
from {{ source('raw', 'superseded') }}
where table_name = 'events' and superseded_by_load_id > {{ var('base_load_id') }}
