{% set base_days = 90 %}
{% set days_to_scan = 2 %} -- an attempt's day, and 24 hours until it counts as abandoned
-- Grain: one row per step of onboarding and scanning: how many units came to it, and how many passed, in the latest 90 days that are mature for it,
-- or in as many as are on record (base_days). A unit is a user for the steps of onboarding, a scan attempt for those of scanning.
with onboarding as (
    select
        steps.step_number,
        steps.step,
        steps.days_to_step,
        sum(case when steps.has_reached_previous then 1 else 0 end) as units,
        sum(case when steps.has_reached then 1 else 0 end) as passed_units
    from {{ ref('int_onboarding_steps_judged') }} as steps
    cross join {{ ref('int_records') }} as records
    where
        steps.is_mature
        and cast(steps.signed_up_at as date) >= records.first_day
        and not {{ is_mature('steps.signed_up_at', '(steps.days_to_step + ' ~ base_days ~ ')') }}
    group by steps.step_number, steps.step, steps.days_to_step
),

scanning as (
    select
        count(*) as attempts,
        sum(case when submitted_at is not null or outcome in ('completed', 'failed') then 1 else 0 end) as submitted,
        sum(case when outcome = 'completed' then 1 else 0 end) as completed
    from {{ ref('int_scan_attempts_priced') }}
    where is_mature and not {{ is_mature('cast(activity_date as timestamp)', days_to_scan + base_days) }}
),

steps as (
    select * from onboarding
    union all
    select
        4 as step_number,
        'scan_submitted' as step,
        {{ days_to_scan }} as days_to_step,
        attempts as units,
        submitted as passed_units
    from scanning
    where attempts > 0
    union all
    select
        5 as step_number,
        'scan_completed' as step,
        {{ days_to_scan }} as days_to_step,
        submitted as units,
        completed as passed_units
    from scanning
    where attempts > 0
)

select
    steps.step_number,
    steps.step,
    cast(steps.units as bigint) as units,
    cast(steps.passed_units as bigint) as passed_units,
    least({{ base_days }}, {{ days_between('records.first_day', 'cast(' ~ as_of() ~ ' as date)') }} - 7 - steps.days_to_step) as base_days
from steps
cross join {{ ref('int_records') }} as records
