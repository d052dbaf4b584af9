-- Grain: one row per activity_date on which a changed user bought or linked a school, in any landed version. A fact by school and day is rebuilt
-- there.
select event_date as activity_date
from {{ ref('stg_events') }}
where event_type = 'school_linked' and user_id in (select user_id from {{ ref('changed_users') }})
union
select purchase_date as activity_date
from {{ ref('stg_purchases') }}
where user_id in (select user_id from {{ ref('changed_users') }})
union
select cast(event_at as date) as activity_date
from {{ source('raw', 'events') }}
where event_type = 'school_linked' and event_id in (select event_id from {{ ref('touched_events') }})
union
select cast(purchased_at as date) as activity_date
from {{ source('raw', 'purchases') }}
where
    purchase_id in (select purchase_id from {{ ref('touched_purchases') }})
    and user_id in (select user_id from {{ ref('changed_users') }})
union
select cast(coalesce({{ superseded_value('event_at') }}, {{ superseded_value('purchased_at') }}) as date) as activity_date
from {{ source('raw', 'superseded') }}
where table_name in ('events', 'purchases') and superseded_by_load_id > {{ var('base_load_id') }}
