{% set value_days = 90 %}
{% set days_to_scan = 2 %} -- an attempt's day, and 24 hours until it counts as abandoned
-- Grain: one row per step, user and whether the units passed: units of that user, and the completed scans and money raised that go with them.
-- Onboarding: the first 90 days of users who came to the step and are mature for 90. Scanning: the latest 90 mature days; what does not pass raises
-- nothing.
with user_days as (
    select
        user_id,
        sum(scans_completed) as scans
    from {{ ref('fct_user_day') }}
    where days_since_signup between 0 and {{ value_days - 1 }}
    group by user_id
),

raised_since_signup as (
    select
        purchases.user_id,
        sum(purchases.amount_raised_usd) as raised_usd
    from {{ ref('fct_purchase') }} as purchases
    inner join {{ ref('dim_user') }} as users on purchases.user_id = users.user_id
    where {{ days_between('users.signup_date', 'purchases.purchase_date') }} between 0 and {{ value_days - 1 }}
    group by purchases.user_id
),

onboarding as (
    select
        steps.step,
        steps.user_id,
        steps.has_reached as is_passed,
        1 as units,
        coalesce(user_days.scans, 0) as scans,
        coalesce(raised_since_signup.raised_usd, 0) as raised_usd
    from {{ ref('int_onboarding_steps_judged') }} as steps
    cross join {{ ref('int_records') }} as records
    left join user_days on steps.user_id = user_days.user_id
    left join raised_since_signup on steps.user_id = raised_since_signup.user_id
    where
        steps.has_reached_previous
        and {{ is_mature('steps.signed_up_at', value_days) }}
        and cast(steps.signed_up_at as date) >= records.first_day
),

attempts as (
    select
        user_id,
        count(*) as attempts,
        sum(case when submitted_at is not null or outcome in ('completed', 'failed') then 1 else 0 end) as submitted,
        sum(case when outcome = 'completed' then 1 else 0 end) as completed
    from {{ ref('int_scan_attempts_priced') }}
    where is_mature and not {{ is_mature('cast(activity_date as timestamp)', days_to_scan + value_days) }}
    group by user_id
),

raised_lately as (
    select
        user_id,
        sum(amount_raised_usd) as raised_usd
    from {{ ref('fct_purchase') }}
    where
        {{ is_mature('cast(purchase_date as timestamp)', days_to_scan) }}
        and not {{ is_mature('cast(purchase_date as timestamp)', days_to_scan + value_days) }}
    group by user_id
),

scanning as (
    select
        attempts.user_id,
        attempts.attempts,
        attempts.submitted,
        attempts.completed,
        coalesce(raised_lately.raised_usd, 0) as raised_usd
    from attempts
    left join raised_lately on attempts.user_id = raised_lately.user_id
),

valued as (
    select * from onboarding
    union all
    select
        'scan_submitted' as step,
        user_id,
        true as is_passed,
        submitted as units,
        completed as scans,
        raised_usd
    from scanning
    union all
    select
        'scan_submitted' as step,
        user_id,
        false as is_passed,
        attempts - submitted as units,
        0 as scans,
        0 as raised_usd
    from scanning
    union all
    select
        'scan_completed' as step,
        user_id,
        true as is_passed,
        completed as units,
        completed as scans,
        raised_usd
    from scanning
    union all
    select
        'scan_completed' as step,
        user_id,
        false as is_passed,
        submitted - completed as units,
        0 as scans,
        0 as raised_usd
    from scanning
)

select
    step,
    user_id,
    is_passed,
    cast(units as bigint) as units,
    cast(scans as bigint) as scans,
    cast(raised_usd as decimal(18, 6)) as raised_usd
from valued
where units > 0
