-- Grain: one row per attempt_id: the scan events of one user that carry the same scan_id; an event without one is an attempt of its own. Rebuilt: a
-- moved or redelivered event can leave one attempt for another, and `open` becomes `abandoned` by time alone.
{% set hours_until_abandoned = 24 %}
with scan_events as (
    select
        event_id,
        user_id,
        scan_id,
        case
            when scan_id is null then 'event|' || event_id
            else 'scan|' || cast(user_id as varchar) || '|' || scan_id
        end as attempt_id,
        event_type,
        event_at,
        failure_reason,
        platform,
        app_version,
        purchase_id
    from {{ ref('stg_events') }}
    where event_type in ('receipt_scan_started', 'receipt_scan_submitted', 'receipt_scan_completed', 'receipt_scan_failed')
),

-- what an attempt is told about several times, it keeps from the first event that tells it
attempts as (
    select
        attempt_id,
        user_id,
        scan_id,
        min(event_at) as first_event_at,
        max(event_at) as last_event_at,
        min(case when event_type = 'receipt_scan_started' then event_at end) as started_at,
        min(case when event_type = 'receipt_scan_submitted' then event_at end) as submitted_at,
        min(case when event_type = 'receipt_scan_completed' then event_at end) as completed_at,
        min(case when event_type = 'receipt_scan_failed' then event_at end) as failed_at,
        {{ first_of_those('failure_reason', "event_type = 'receipt_scan_failed'", 'event_at', 'event_id') }} as failure_reason,
        {{ first_known('platform', 'event_at', 'event_id') }} as platform,
        {{ first_known('app_version', 'event_at', 'event_id') }} as app_version,
        {{ first_known('purchase_id', 'event_at', 'event_id') }} as purchase_id
    from scan_events
    group by attempt_id, user_id, scan_id
)

select
    attempt_id,
    user_id,
    scan_id,
    cast(first_event_at as date) as activity_date,
    started_at,
    submitted_at,
    completed_at,
    failed_at,
    case
        when completed_at is not null then 'completed'
        when failed_at is not null then 'failed'
        when {{ hours_after('last_event_at', hours_until_abandoned) }} > {{ as_of() }} then 'open'
        else 'abandoned'
    end as outcome,
    failure_reason,
    platform,
    app_version,
    purchase_id
from attempts
