-- Grain: a single row, the settings of the referral programme, typed.
select
    max(case when key = 'attribution_hours' then cast(value as integer) end) as attribution_hours,
    max(case when key = 'open_days' then cast(value as integer) end) as open_days,
    max(case when key = 'overdue_hours' then cast(value as integer) end) as overdue_hours,
    max(case when key = 'qualifying' then value end) as qualifying,
    max(case when key = 'point_value_usd' then cast(value as decimal(12, 4)) end) as point_value_usd
from {{ ref('programme_policy') }}
