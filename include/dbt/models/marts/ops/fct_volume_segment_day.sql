{% set days_shown = 7 %}
{% set days_compared = 28 %}
{% set first_day = days_after('cast(' ~ as_of() ~ ' as date)', -days_shown) %}
{% set first_compared = days_after('cast(' ~ as_of() ~ ' as date)', -(days_shown + days_compared)) %}
-- Grain: one row per activity_date, metric, dimension and segment, for the last week: what of the day came from one platform, app version, channel or
-- school, beside its usual share of what was expected. The share is that of the four weeks before, so that no day of the week shown explains itself.
with events as (
    select
        events.event_date as activity_date,
        'events.' || events.event_type as metric,
        events.platform,
        events.app_version,
        events.channel,
        users.school_id
    from {{ ref('stg_events') }} as events
    left join {{ ref('dim_user') }} as users on events.user_id = users.user_id
    where events.event_date >= {{ first_compared }}
),

things as (
    select * from events
    union all
    select
        purchase_date as activity_date,
        'purchases' as metric,
        null as platform,
        null as app_version,
        null as channel,
        school_id
    from {{ ref('fct_purchase') }}
    where purchase_date >= {{ first_compared }}
    union all
    select
        cast(sent_at as date) as activity_date,
        'referrals_sent' as metric,
        null as platform,
        null as app_version,
        channel,
        referrer_school_id as school_id
    from {{ ref('fct_referral') }}
    where sent_at >= {{ first_compared }}
),

dimensions as (
    select 'platform' as dimension
    union all
    select 'app_version' as dimension
    union all
    select 'channel' as dimension
    union all
    select 'school' as dimension
),

parts as (
    select
        things.activity_date,
        things.metric,
        dimensions.dimension,
        case dimensions.dimension
            when 'platform' then things.platform
            when 'app_version' then things.app_version
            when 'channel' then things.channel
            else cast(things.school_id as varchar)
        end as segment
    from things
    cross join dimensions
),

in_segments as (
    select
        activity_date,
        metric,
        dimension,
        segment,
        count(*) as rows_of_day
    from parts
    where segment is not null
    group by activity_date, metric, dimension, segment
),

counted as (
    select * from in_segments
    union all
    select
        activity_date,
        'events' as metric,
        dimension,
        segment,
        sum(rows_of_day) as rows_of_day
    from in_segments
    where metric like 'events.%'
    group by activity_date, dimension, segment
),

compared as (
    select
        metric,
        dimension,
        segment,
        sum(rows_of_day) as rows_before
    from counted
    where activity_date < {{ first_day }}
    group by metric, dimension, segment
),

totals as (
    select
        metric,
        sum(actual) as rows_before
    from {{ ref('int_volume_days') }}
    where activity_date >= {{ first_compared }} and activity_date < {{ first_day }}
    group by metric
),

segments as (
    select distinct
        metric,
        dimension,
        segment
    from counted
),

shown as (
    select
        volume.activity_date,
        volume.metric,
        volume.expected,
        segments.dimension,
        segments.segment
    from {{ ref('fct_volume_day') }} as volume
    inner join segments on volume.metric = segments.metric
    where volume.activity_date >= {{ first_day }}
)

select
    shown.activity_date,
    shown.metric,
    shown.dimension,
    shown.segment,
    cast(coalesce(counted.rows_of_day, 0) as bigint) as actual,
    cast(shown.expected * coalesce(compared.rows_before, 0) / nullif(totals.rows_before, 0) as double) as expected
from shown
left join counted
    on
        shown.activity_date = counted.activity_date
        and shown.metric = counted.metric
        and shown.dimension = counted.dimension
        and shown.segment = counted.segment
left join compared
    on shown.metric = compared.metric and shown.dimension = compared.dimension and shown.segment = compared.segment
left join totals on shown.metric = totals.metric
-- what moves a total is worth a row; a school with a purchase now and then is not
where coalesce(counted.rows_of_day, 0) >= 5 or shown.expected * coalesce(compared.rows_before, 0) / nullif(totals.rows_before, 0) >= 5
