{{ config(materialized='incremental', incremental_strategy='window_replace', day_column='activity_date', user_column='') }}
-- Grain: one row per school_id and activity_date (UTC) with a purchase or a new link. Incremental: the window's days and the days of changed users
-- are replaced.
with purchase_days as (
    select
        school_id,
        purchase_date as activity_date,
        count(distinct user_id) as supporters,
        count(*) as purchases,
        sum(price_paid) as spend_usd,
        sum(points_earned) as points_earned,
        sum(amount_raised_usd) as amount_raised_usd
    from ({{ rows_in_rebuilt_scope(ref('fct_purchase'), 'purchase_date', none) }}) as purchases
    group by school_id, purchase_date
),

link_days as (
    select
        school_id,
        event_date as activity_date,
        count(*) as new_links
    from ({{ rows_in_rebuilt_scope(ref('stg_events'), 'event_date', none) }}) as events
    where event_type = 'school_linked' and school_id is not null
    group by school_id, event_date
)

select
    coalesce(purchase_days.school_id, link_days.school_id) as school_id,
    coalesce(purchase_days.activity_date, link_days.activity_date) as activity_date,
    cast(coalesce(purchase_days.supporters, 0) as integer) as supporters,
    cast(coalesce(purchase_days.purchases, 0) as integer) as purchases,
    cast(coalesce(purchase_days.spend_usd, 0) as decimal(18, 2)) as spend_usd,
    cast(coalesce(purchase_days.points_earned, 0) as decimal(18, 4)) as points_earned,
    cast(coalesce(purchase_days.amount_raised_usd, 0) as decimal(18, 6)) as amount_raised_usd,
    cast(coalesce(link_days.new_links, 0) as integer) as new_links
from purchase_days
full outer join link_days
    on purchase_days.school_id = link_days.school_id and purchase_days.activity_date = link_days.activity_date
