{{ config(materialized='incremental', incremental_strategy='window_replace', day_column='activity_date') }}
-- Grain: one row per user_id and activity_date (UTC) on which the user has any event or purchase. Incremental: the window's days and all days of
-- changed users are replaced.
with event_days as (
    select
        user_id,
        event_date as activity_date,
        sum(case when event_type = 'app_open' then 1 else 0 end) as app_opens,
        sum(case when event_type = 'receipt_scan_started' then 1 else 0 end) as scans_started,
        sum(case when event_type = 'receipt_scan_completed' then 1 else 0 end) as scans_completed,
        sum(case when event_type = 'receipt_scan_failed' then 1 else 0 end) as scans_failed,
        sum(case when event_type = 'incentive_viewed' then 1 else 0 end) as incentives_viewed,
        sum(case when event_type = 'invite_sent' then 1 else 0 end) as invites_sent
    from ({{ rows_in_rebuilt_scope(ref('stg_events'), 'event_date') }}) as events
    group by user_id, event_date
),

purchase_days as (
    select
        user_id,
        purchase_date as activity_date,
        count(*) as purchases,
        sum(price_paid) as spend_usd,
        sum(points_earned) as points_earned
    from ({{ rows_in_rebuilt_scope(ref('stg_purchases'), 'purchase_date') }}) as purchases
    group by user_id, purchase_date
),

counted as (
    select
        coalesce(event_days.user_id, purchase_days.user_id) as user_id,
        coalesce(event_days.activity_date, purchase_days.activity_date) as activity_date,
        cast(coalesce(event_days.app_opens, 0) as integer) as app_opens,
        cast(coalesce(event_days.scans_started, 0) as integer) as scans_started,
        cast(coalesce(event_days.scans_completed, 0) as integer) as scans_completed,
        cast(coalesce(event_days.scans_failed, 0) as integer) as scans_failed,
        cast(coalesce(event_days.incentives_viewed, 0) as integer) as incentives_viewed,
        cast(coalesce(event_days.invites_sent, 0) as integer) as invites_sent,
        cast(coalesce(purchase_days.purchases, 0) as integer) as purchases,
        cast(coalesce(purchase_days.spend_usd, 0) as decimal(18, 2)) as spend_usd,
        cast(coalesce(purchase_days.points_earned, 0) as decimal(18, 4)) as points_earned
    from event_days
    full outer join purchase_days
        on event_days.user_id = purchase_days.user_id and event_days.activity_date = purchase_days.activity_date
)

select
    counted.user_id,
    counted.activity_date,
    counted.app_opens,
    counted.scans_started,
    counted.scans_completed,
    counted.scans_failed,
    counted.incentives_viewed,
    counted.invites_sent,
    counted.purchases,
    counted.spend_usd,
    counted.points_earned,
    counted.app_opens + counted.scans_started + counted.scans_completed + counted.scans_failed + counted.purchases > 0 as is_active,
    counted.scans_completed + counted.purchases > 0 as is_contributing,
    {{ days_between('cast(users.created_at as date)', 'counted.activity_date') }} as days_since_signup
from counted
left join {{ ref('stg_users') }} as users on counted.user_id = users.user_id
