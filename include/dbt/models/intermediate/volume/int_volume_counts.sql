{% set repeats_days = 28 %} {# comparing every row of a long history with every other would cost more than the rest of the build #}
-- Grain: one row per activity_date and metric with at least one row: what happened that day (UTC), counted; `repeated` counts the rows that say the
-- same as another one under an id of their own, in the last 28 days.
with event_days as (
    select
        event_date as activity_date,
        event_type,
        count(*) as actual
    from {{ ref('stg_events') }}
    group by event_date, event_type
),

same_events as (
    select
        event_date as activity_date,
        event_type,
        count(*) as copies
    from {{ ref('stg_events') }}
    where event_date >= {{ days_after('cast(' ~ as_of() ~ ' as date)', -repeats_days) }}
    group by event_date, event_type, user_id, event_at, referral_id, scan_id
    having count(*) > 1
),

repeated_events as (
    select
        activity_date,
        event_type,
        sum(copies - 1) as repeated
    from same_events
    group by activity_date, event_type
),

counted_events as (
    select
        event_days.activity_date,
        event_days.event_type,
        event_days.actual,
        coalesce(repeated_events.repeated, 0) as repeated
    from event_days
    left join repeated_events
        on event_days.activity_date = repeated_events.activity_date and event_days.event_type = repeated_events.event_type
),

same_purchases as (
    select
        purchase_date as activity_date,
        count(*) as copies
    from {{ ref('stg_purchases') }}
    where purchase_date >= {{ days_after('cast(' ~ as_of() ~ ' as date)', -repeats_days) }}
    group by purchase_date, user_id, product_id, purchased_at, quantity, price_paid
    having count(*) > 1
),

repeated_purchases as (
    select
        activity_date,
        sum(copies - 1) as repeated
    from same_purchases
    group by activity_date
),

purchase_days as (
    select
        purchase_date as activity_date,
        count(*) as actual
    from {{ ref('stg_purchases') }}
    group by purchase_date
),

-- users of a first delivery signed up long before anything was counted: their days say nothing about a usual day
signup_days as (
    select
        cast(created_at as date) as activity_date,
        count(*) as actual,
        count(*) - count(marketing_channel) as without_channel
    from {{ ref('stg_users') }}
    where
        created_at >= (select min(event_at) from {{ ref('stg_events') }})
        and created_at < {{ as_of() }}
    group by cast(created_at as date)
)

select
    activity_date,
    'events' as metric,
    cast(sum(actual) as bigint) as actual,
    cast(sum(repeated) as bigint) as repeated
from counted_events
group by activity_date
union all
select
    activity_date,
    'events.' || event_type as metric,
    actual,
    cast(repeated as bigint) as repeated
from counted_events
union all
select
    purchase_days.activity_date,
    'purchases' as metric,
    purchase_days.actual,
    cast(coalesce(repeated_purchases.repeated, 0) as bigint) as repeated
from purchase_days
left join repeated_purchases on purchase_days.activity_date = repeated_purchases.activity_date
union all
select
    cast(sent_at as date) as activity_date,
    'referrals_sent' as metric,
    count(*) as actual,
    cast(0 as bigint) as repeated
from {{ ref('stg_referrals') }}
group by cast(sent_at as date)
union all
select
    cast(entry_at as date) as activity_date,
    'rewards_awarded' as metric,
    count(*) as actual,
    cast(0 as bigint) as repeated
from {{ ref('int_reward_entries') }}
where entry_type = 'awarded'
group by cast(entry_at as date)
union all
select
    activity_date,
    'signups' as metric,
    actual,
    cast(0 as bigint) as repeated
from signup_days
union all
select
    activity_date,
    'signups.without_channel' as metric,
    without_channel as actual,
    cast(0 as bigint) as repeated
from signup_days
