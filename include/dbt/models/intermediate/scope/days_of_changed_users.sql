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
select event_date as activity_date
from {{ ref('versions_of_touched_events') }}
where event_type = 'school_linked'
union
select purchase_date as activity_date
from {{ ref('versions_of_touched_purchases') }}
where user_id in (select user_id from {{ ref('changed_users') }})
