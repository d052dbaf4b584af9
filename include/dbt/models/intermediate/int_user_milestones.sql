-- Grain: one row per user_id with any of these events, known to users or not: the first moment of each step, UTC.
with steps as (
    select
        user_id,
        event_type,
        event_at,
        is_reinstall,
        row_number() over (partition by user_id, event_type order by event_at, event_id) as occurrence
    from {{ ref('stg_events') }}
    where event_type in ('install', 'onboarding_complete', 'receipt_scan_completed', 'school_linked')
)

select
    user_id,
    max(case when event_type = 'install' then event_at end) as first_install_at,
    bool_or(event_type = 'install' and is_reinstall) as is_first_install_reinstall,
    max(case when event_type = 'onboarding_complete' then event_at end) as onboarded_at,
    max(case when event_type = 'receipt_scan_completed' then event_at end) as first_scan_at,
    max(case when event_type = 'school_linked' then event_at end) as school_linked_at
from steps
where occurrence = 1
group by user_id
