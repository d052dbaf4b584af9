-- Grain: one row per attempt_id of fct_scan_attempt, with what an accepted receipt is worth to a school in its match: the same user_type in the same
-- week, else anybody in that week. A worth is money raised by all purchases of the match over its completed attempts.
with users as (
    select
        user_id,
        user_type
    from {{ ref('dim_user') }}
),

attempts as (
    select
        attempts.attempt_id,
        attempts.user_id,
        coalesce(users.user_type, 'unknown') as user_type,
        attempts.activity_date,
        {{ monday_of('attempts.activity_date') }} as week_start,
        coalesce(attempts.platform, 'unknown') as platform,
        coalesce(attempts.app_version, 'unknown') as app_version,
        attempts.submitted_at,
        attempts.outcome,
        case
            when attempts.outcome = 'failed' then coalesce(attempts.failure_reason, 'unknown')
            when attempts.outcome = 'abandoned' then 'abandoned'
        end as failure_reason,
        -- its day, and 24 hours until it counts as abandoned; an old attempt is open again when the app uses its scan_id once more
        {{ is_mature('cast(attempts.activity_date as timestamp)', 2) }} and attempts.outcome <> 'open' as is_mature,
        coalesce(
            min(attempts.completed_at)
                over (
                    partition by attempts.user_id
                    order by coalesce(attempts.started_at, attempts.submitted_at, attempts.failed_at, attempts.completed_at), attempts.attempt_id
                    rows between 1 following and unbounded following
                )
            <= {{ hours_after('coalesce(attempts.failed_at, attempts.submitted_at, attempts.started_at)', 24) }},
            false
        ) as is_followed_by_completed
    from {{ ref('fct_scan_attempt') }} as attempts
    left join users on attempts.user_id = users.user_id
),

accepted as (
    select
        week_start,
        user_type,
        cast(sum(completed) as bigint) as completed,
        cast(sum(raised_usd) as decimal(18, 6)) as raised_usd
    from (
        select week_start, user_type, 1 as completed, 0 as raised_usd -- noqa: LT09
        from attempts
        where outcome = 'completed'
        union all
        select -- noqa: ST06
            {{ monday_of('purchases.purchase_date') }} as week_start,
            coalesce(users.user_type, 'unknown') as user_type,
            0 as completed,
            purchases.amount_raised_usd as raised_usd
        from {{ ref('fct_purchase') }} as purchases
        left join users on purchases.user_id = users.user_id
    ) as receipts
    group by week_start, user_type
),

worths as (
    select
        week_start,
        user_type,
        round(
            coalesce(
                cast(raised_usd as double) / nullif(completed, 0),
                cast(sum(raised_usd) over (partition by week_start) as double) / nullif(sum(completed) over (partition by week_start), 0)
            ),
            6
        ) as usd_per_completed
    from accepted
)

select
    attempts.*,
    worths.usd_per_completed
from attempts
left join worths on attempts.week_start = worths.week_start and attempts.user_type = worths.user_type
