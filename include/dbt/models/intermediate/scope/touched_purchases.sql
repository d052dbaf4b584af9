-- Grain: one row per purchase_id that this build must look at again. Empty in a full refresh, which looks at everything anyway.
select distinct purchase_id
from {{ source('raw', 'purchases') }}
where {{ landed_anew('purchased_at') }} and not {{ flags.FULL_REFRESH | lower }}
union
select {{ superseded_value('purchase_id') }} as purchase_id
from {{ source('raw', 'superseded') }}
where table_name = 'purchases' and superseded_by_load_id > {{ var('base_load_id') }}
