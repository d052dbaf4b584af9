-- Grain: one row per week_start, platform, app_version and failure_reason, over mature attempts that failed or were abandoned. Rebuilt: small.
select
    week_start,
    platform,
    app_version,
    failure_reason,
    count(*) as failed_attempts,
    cast(sum(case when is_followed_by_completed then 1 else 0 end) as bigint) as followed_attempts,
    cast(coalesce(sum(cast(usd_per_completed as decimal(18, 6))), 0) as decimal(18, 6)) as lost_usd,
    cast(
        coalesce(sum(case when is_followed_by_completed then 0 else cast(usd_per_completed as decimal(18, 6)) end), 0) as decimal(18, 6)
    ) as lost_for_good_usd
from {{ ref('int_scan_attempts_priced') }}
where is_mature and failure_reason is not null
group by week_start, platform, app_version, failure_reason
