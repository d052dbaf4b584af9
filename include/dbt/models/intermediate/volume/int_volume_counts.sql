-- Grain: one row per activity_date and metric with at least one row: what happened that day (UTC), counted.
with event_days as (
    select
        event_date as activity_date,
        event_type,
        count(*) as actual
    from {{ ref('stg_events') }}
    group by event_date, event_type
)

select
    activity_date,
    'events' as metric,
    cast(sum(actual) as bigint) as actual
from event_days
group by activity_date
union all
select
    activity_date,
    'events.' || event_type as metric,
    actual
from event_days
union all
select
    purchase_date as activity_date,
    'purchases' as metric,
    count(*) as actual
from {{ ref('stg_purchases') }}
group by purchase_date
union all
select
    cast(sent_at as date) as activity_date,
    'referrals_sent' as metric,
    count(*) as actual
from {{ ref('stg_referrals') }}
group by cast(sent_at as date)
