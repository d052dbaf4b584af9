-- Reasons of failures are a finer view of the same attempts: counts and money add up to those of the funnel. Stops the run.
with reasons as (
    select
        week_start,
        platform,
        app_version,
        sum(failed_attempts) as failed_attempts,
        sum(lost_usd) as lost_usd
    from {{ ref('fct_scan_failure_week') }}
    group by week_start, platform, app_version
)

select
    funnel.week_start,
    funnel.platform,
    funnel.app_version
from {{ ref('fct_scan_funnel_week') }} as funnel
left join reasons
    on
        funnel.week_start = reasons.week_start
        and funnel.platform = reasons.platform
        and funnel.app_version = reasons.app_version
where
    funnel.failed_attempts + funnel.abandoned_attempts <> coalesce(reasons.failed_attempts, 0)
    or funnel.completed_attempts + funnel.failed_attempts + funnel.abandoned_attempts <> funnel.mature_attempts
    or funnel.lost_usd <> coalesce(reasons.lost_usd, 0)
