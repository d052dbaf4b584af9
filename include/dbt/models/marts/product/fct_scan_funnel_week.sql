-- Grain: one row per week_start, platform and app_version. Rebuilt: small, and maturity moves with T. Attempts that failed or were abandoned are
-- priced with what a completed one of the same user type and week raised; that is the most that better scanning could bring, since some come back by
-- themselves.
with counted as (
    select
        week_start,
        platform,
        app_version,
        count(*) as attempts,
        sum(case when is_mature then 1 else 0 end) as mature_attempts,
        sum(case when is_mature and submitted_at is not null then 1 else 0 end) as submitted_attempts,
        sum(case when is_mature and outcome = 'completed' then 1 else 0 end) as completed_attempts,
        sum(case when is_mature and outcome = 'failed' then 1 else 0 end) as failed_attempts,
        sum(case when is_mature and outcome = 'abandoned' then 1 else 0 end) as abandoned_attempts,
        sum(case when is_mature and failure_reason is not null and is_followed_by_completed then 1 else 0 end) as followed_attempts,
        sum(case when is_mature and failure_reason is not null then cast(usd_per_completed as decimal(18, 6)) else 0 end) as lost_usd,
        sum(
            case
                when is_mature and failure_reason is not null and not is_followed_by_completed then cast(usd_per_completed as decimal(18, 6)) else 0
            end
        ) as lost_for_good_usd
    from {{ ref('int_scan_attempts_priced') }}
    group by week_start, platform, app_version
)

select
    week_start,
    platform,
    app_version,
    cast(attempts as bigint) as attempts,
    cast(mature_attempts as bigint) as mature_attempts,
    cast(submitted_attempts as bigint) as submitted_attempts,
    cast(completed_attempts as bigint) as completed_attempts,
    cast(failed_attempts as bigint) as failed_attempts,
    cast(abandoned_attempts as bigint) as abandoned_attempts,
    cast(followed_attempts as bigint) as followed_attempts,
    {{ rate('completed_attempts', 'mature_attempts') }} as completed_share,
    {{ wilson_low('completed_attempts', 'mature_attempts') }} as completed_share_low,
    {{ wilson_high('completed_attempts', 'mature_attempts') }} as completed_share_high,
    cast(coalesce(lost_usd, 0) as decimal(18, 6)) as lost_usd,
    cast(coalesce(lost_for_good_usd, 0) as decimal(18, 6)) as lost_for_good_usd,
    {{ is_mature('cast(week_start as timestamp)', 8) }} as is_mature -- the week, and 24 hours for its last attempt
from counted
