-- The three parts of a change add up to it, to a hundredth of a cent. Stops the run: a tree with a rest explains nothing.
select
    window_days,
    period_end,
    change_usd,
    change_by_supporters_usd + change_by_scans_each_usd + change_by_usd_per_scan_usd as explained_usd
from {{ ref('fct_raised_drivers') }}
where abs(change_by_supporters_usd + change_by_scans_each_usd + change_by_usd_per_scan_usd - cast(change_usd as double)) > 0.0001
